import Linux
import Notation
import OCI
import SystemPackage

/// The snapshots of volumes: a directory `VOLUME/SNAPSHOT` each, with the content in `_data`.
///
/// A snapshot is complete once its directory has its name; it outlives its volume. Files share
/// their blocks with the volume's where the file system can (FICLONE), and are copied elsewhere.
public struct VolumeSnapshotStore: Sendable {
    let directory: FilePath
    let volumes: VolumeStore

    /// The snapshots of a volume, or of all volumes, the oldest first.
    public func all(of volume: String? = nil) throws -> [VolumeSnapshot] {
        try names(in: directory).filter { volume == nil || volume == $0 }
            .flatMap { name in
                try names(in: directory.appending(name))
                    .compactMap { try snapshot($0, of: name) }
            }
            .sorted { ($0.volume, $0.created.seconds) < ($1.volume, $1.created.seconds) }
    }

    /// Nil if the volume has no snapshot with that name.
    public func snapshot(_ name: String, of volume: String) throws -> VolumeSnapshot? {
        let root = try root(of: name, volume)
        return try JSONFile.readIfPresent(
            VolumeSnapshot.self,
            from: root.appending(Self.recordName)
        )
    }

    /// Copies the content of a volume to a new snapshot; with `replaces`, in place of an older one.
    func take(
        _ name: String,
        of volume: String,
        replaces: Bool,
        now: Timestamp = .now,
        progress: (Int64) -> Void
    ) throws -> VolumeSnapshot {
        let root = try root(of: name, volume)
        guard let record = try volumes.volume(volume) else {
            throw OrchestratorError.noSuchVolume(volume)
        }
        try record.requireOwnContent()
        return try whileLocked(volume) {
            if !replaces, FileSystem.exists(root) {
                throw OrchestratorError.snapshotExists(name, volume: volume)
            }
            let scratch = directory.appending(volume).appending(Self.scratchName)
            try FileSystem.removeTree(scratch)
            let content = scratch.appending(Self.contentName)
            try FileSystem.makeDirectories(content, mode: 0o700)
            try copy(volumes.content(of: volume), into: content, progress)
            let snapshot = VolumeSnapshot(
                volume: volume,
                name: name,
                created: now,
                size: try FileSystem.diskUsage(of: content)
            )
            try JSONFile.write(snapshot, to: scratch.appending(Self.recordName))
            try FileSystem.synchronizeAll(holding: scratch)
            try removeLocked(name, of: volume)
            try FileSystem.rename(scratch, to: root)
            return snapshot
        }
    }

    /// Replaces the content of a volume by that of a snapshot; no container may be running with it.
    ///
    /// The new content is complete before it takes the old one's place in one step.
    func restore(_ name: String, of volume: String, progress: (Int64) -> Void) throws {
        let root = try root(of: name, volume)
        guard FileSystem.exists(root) else {
            throw OrchestratorError.noSuchSnapshot(name, volume: volume)
        }
        try volumes.volume(volume)?.requireOwnContent()
        try whileLocked(volume) {
            try volumes.replaceContent(of: volume) { scratch in
                try copy(root.appending(Self.contentName), into: scratch, progress)
            }
        }
    }

    /// Deletes a snapshot; returns false if there is none.
    public func remove(_ name: String, of volume: String) throws -> Bool {
        let root = try root(of: name, volume)
        guard FileSystem.exists(root) else { return false }
        try whileLocked(volume) { try removeLocked(name, of: volume) }
        return true
    }

    private func removeLocked(_ name: String, of volume: String) throws {
        let (root, doomed) = (try root(of: name, volume), directory.appending(volume))
        guard FileSystem.exists(root) else { return }
        let garbage = doomed.appending(Self.garbageName)
        try FileSystem.removeTree(garbage)
        try FileSystem.rename(root, to: garbage)
        try FileSystem.removeTree(garbage)
    }

    /// Copies a directory's content into an empty directory.
    private func copy(
        _ source: FilePath,
        into target: FilePath,
        _ progress: (Int64) -> Void
    ) throws(SystemCallError) {
        try TreeCopy.copy(
            try Descriptor.open(source, .directory),
            into: try Descriptor.open(target, .directory),
            progress: progress
        )
    }

    private func whileLocked<Value>(_ volume: String, _ body: () throws -> Value) throws -> Value {
        let parent = directory.appending(volume)
        try FileSystem.makeDirectories(parent, mode: 0o700)
        return try FileLock(waitingFor: parent.appending(".lock")).whileHeld(body)
    }

    private func root(of name: String, _ volume: String) throws(OrchestratorError) -> FilePath {
        guard ObjectName.isValid(volume) else { throw .invalidVolumeName(volume) }
        guard ObjectName.isValid(name) else { throw .invalidVolumeName(name) }
        return directory.appending(volume).appending(name)
    }

    private func names(in directory: FilePath) throws -> [String] {
        guard FileSystem.exists(directory) else { return [] }
        return try FileSystem.entries(of: directory).filter { !$0.hasPrefix(".") }.sorted()
    }

    private static let recordName = "snapshot.json"
    private static let contentName = "_data"
    private static let scratchName = ".new"
    private static let garbageName = ".old"
}

extension VolumeRecord {
    /// Throws if the content lies elsewhere, since the volume is a mount by its driver's options.
    func requireOwnContent() throws(OrchestratorError) {
        guard options.isEmpty else { throw .volumeElsewhere(name) }
    }
}

extension VolumeStore {
    /// Fills a new directory by `fill` and exchanges it with the volume's content in one step.
    func replaceContent(of name: String, _ fill: (FilePath) throws -> Void) throws {
        let content = content(of: name)
        let scratch = content.removingLastComponent().appending("restoring")
        try FileSystem.removeTree(scratch)
        try FileSystem.makeDirectory(scratch)
        try fill(scratch)
        try FileSystem.synchronizeAll(holding: scratch)
        try FileSystem.exchange(scratch, with: content)
        try FileSystem.removeTree(scratch)
    }
}
