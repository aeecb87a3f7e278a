import Linux
import Notation
public import OCI
public import SystemPackage

/// A named or anonymous volume as it was created; stored as `volume.json`.
public struct VolumeRecord: Codable, Sendable, Equatable {
    public var name: String
    public var driver: String
    public var options: [String: String]
    public var labels: [String: String]
    public var created: Timestamp

    public init(
        name: String,
        driver: String = "local",
        options: [String: String] = [:],
        labels: [String: String] = [:],
        created: Timestamp = .now
    ) {
        self.name = name
        self.driver = driver
        self.options = options
        self.labels = labels
        self.created = created
    }
}

/// The volumes of this host: one directory each, with the content in `_data`.
///
/// A volume exists once its record does; a directory without one is garbage left by a crash.
public struct VolumeStore: Sendable {
    let directory: FilePath

    public init(directory: FilePath) { self.directory = directory }

    /// The volumes whose records can be read, sorted by name.
    public func all() throws -> [VolumeRecord] { try list().readable }

    /// The names of the volumes whose records cannot be read.
    func unreadable() throws -> [String] { try list().unreadable }

    private func list() throws -> (readable: [VolumeRecord], unreadable: [String]) {
        guard FileSystem.exists(directory) else { return ([], []) }
        var (readable, unreadable): ([VolumeRecord], [String]) = ([], [])
        for name in try FileSystem.entries(of: directory).sorted() where !name.hasPrefix(".") {
            do {
                if let volume = try volume(name) { readable.append(volume) }
            } catch OrchestratorError.unreadableState {
                unreadable.append(name)
            }
        }
        return (readable, unreadable)
    }

    /// Nil if there is no volume with that name.
    public func volume(_ name: String) throws -> VolumeRecord? {
        try Self.check(name: name)
        return try JSONFile.readIfPresent(VolumeRecord.self, from: record(name))
    }

    /// Whether there is a volume with that name, readable or not.
    func exists(_ name: String) throws -> Bool {
        try Self.check(name: name)
        return FileSystem.exists(record(name))
    }

    /// Creates a volume; does nothing if it exists. One with an unreadable record gets a new record
    /// and keeps its content.
    public func create(_ volume: VolumeRecord) throws {
        try whileLocked {
            do {
                guard try self.volume(volume.name) == nil else { return }
            } catch OrchestratorError.unreadableState {
                // Replaced below.
            }
            try FileSystem.makeDirectories(content(of: volume.name), mode: 0o755)
            try JSONFile.write(volume, to: record(volume.name))
        }
    }

    /// Deletes a volume with its content, whether or not a container mounts it.
    ///
    /// Containers' volumes are removed by `ContainerStore.removeVolume`, which asks for users first.
    /// Its directory is renamed first, so that no process ever sees part of the content.
    public func remove(_ name: String) throws {
        if let detached = try detach(name) { try FileSystem.removeTree(detached) }
    }

    /// Renames a volume's directory, so that the volume no longer exists, and returns the new path
    /// to delete; nil if there is no such volume.
    ///
    /// `collectGarbage` deletes it if the caller does not.
    func detach(_ name: String) throws -> FilePath? {
        try Self.check(name: name)
        let root = directory.appending(name)
        guard FileSystem.exists(root) else { return nil }
        let unique = String(UInt64.random(in: .min ... .max), radix: 36)
        let doomed = directory.appending(".\(name).\(unique)\(Self.doomedSuffix)")
        try FileSystem.rename(root, to: doomed)
        try FileSystem.synchronize(directory: directory)
        return doomed
    }

    /// Deletes the remains of volumes whose creation or removal was interrupted.
    public func collectGarbage() throws {
        guard FileSystem.exists(directory) else { return }
        try whileLocked {
            for name in try FileSystem.entries(of: directory) {
                if name.hasPrefix(".") {
                    guard name.hasSuffix(Self.doomedSuffix) else { continue }
                    try FileSystem.removeTree(directory.appending(name))
                } else if !FileSystem.exists(record(name)) {
                    try removeUnfinished(name)
                }
            }
        }
    }

    /// The directory that containers mount as the volume.
    public func content(of name: String) -> FilePath {
        directory.appending(name).appending("_data")
    }

    private static let doomedSuffix = "~old"

    /// Throws for a name that is not a file name of the store's directory.
    private static func check(name: String) throws(OrchestratorError) {
        guard ObjectName.isValid(name) else { throw .invalidVolumeName(name) }
    }

    private func record(_ name: String) -> FilePath {
        directory.appending(name).appending("volume.json")
    }

    /// A directory of ours without a record never has content; one with content is not ours.
    private func removeUnfinished(_ name: String) throws(SystemCallError) {
        let (root, content) = (directory.appending(name), content(of: name))
        if FileSystem.exists(content) {
            guard try FileSystem.entries(of: content).isEmpty else { return }
        }
        try FileSystem.removeTree(root)
    }

    func whileLocked<Value>(_ body: () throws -> Value) throws -> Value {
        try FileSystem.makeDirectories(directory)
        return try FileLock(waitingFor: directory.appending(".lock")).whileHeld(body)
    }
}
