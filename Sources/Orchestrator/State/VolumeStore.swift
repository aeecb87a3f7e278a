import Linux
public import OCI
public import SystemPackage

/// A named or anonymous volume as it was made. Stored as `volume.json`.
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

/// The volumes of this machine: a directory each, `_data` with their content inside.
public struct VolumeStore: Sendable {
    private let directory: FilePath

    public init(directory: FilePath) { self.directory = directory }

    public func all() throws -> [VolumeRecord] {
        guard FileSystem.exists(directory) else { return [] }
        return try FileSystem.entries(of: directory).sorted().compactMap { try volume($0) }
    }

    /// Nil when there is no volume of that name.
    public func volume(_ name: String) throws -> VolumeRecord? {
        try JSONFile.readIfPresent(VolumeRecord.self, from: record(name))
    }

    /// Makes a volume; one that exists stays as it is.
    public func create(_ volume: VolumeRecord) throws {
        guard try self.volume(volume.name) == nil else { return }
        try FileSystem.makeDirectories(content(of: volume.name), mode: 0o755)
        try JSONFile.write(volume, to: record(volume.name))
    }

    /// Deletes a volume with all it holds; the record goes last, so that a cut can be mended.
    public func remove(_ name: String) throws {
        let root = directory.appending(name)
        guard FileSystem.exists(root) else { return }
        try FileSystem.removeTree(content(of: name))
        try FileSystem.removeTree(root)
    }

    /// The directory that containers mount.
    public func content(of name: String) -> FilePath {
        directory.appending(name).appending("_data")
    }

    private func record(_ name: String) -> FilePath {
        directory.appending(name).appending("volume.json")
    }
}
