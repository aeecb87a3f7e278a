import ContainerRuntime
import Linux
public import SystemPackage

/// A difference between a container's root file system and its image's.
public struct FileChange: Sendable, Equatable {
    /// The raw values are those of the Engine API.
    public enum Kind: Int, Sendable {
        case modified = 0
        case added = 1
        case deleted = 2
    }

    /// Absolute, in the container.
    public var path: FilePath
    public var kind: Kind
}

extension Host {
    /// The files that a container has changed, added or deleted, sorted by path; without mounts.
    ///
    /// Source: Engine API, `ContainerChanges`.
    public func changes(of container: ExistingContainer) throws -> [FileChange] {
        let record = container.record
        let files = paths.project(record.project).container(record.id)
        let specification = try Bundle(reading: files.directory).specification
        let stubs = try MountStub.paths(specification, upper: files.upper, record)
        var walk = ChangeWalk(
            upper: files.upper,
            lower: try LowerLayers(record.lowerDirectories),
            stubs: stubs
        )
        _ = try walk.visit("")
        return walk.changes
    }
}

/// The read-only layers of a container's root file system.
private struct LowerLayers {
    /// Topmost first.
    private let roots: [Shared<ConfinedDirectory>]

    init(_ directories: [String]) throws(SystemCallError) {
        var roots: [Shared<ConfinedDirectory>] = []
        for directory in directories {
            roots.append(
                Shared(ConfinedDirectory(try .open(FilePath(directory), [.pathOnly, .directory])))
            )
        }
        self.roots = roots
    }

    /// The status of `path`, which is relative, as a container without changes would see it.
    func status(of path: FilePath) -> FileStatus? {
        for root in roots {
            if let status = status(of: path, in: root) { return status.isWhiteout ? nil : status }
            if hides(path, root) { return nil }
        }
        return nil
    }

    private func status(of path: FilePath, in root: Shared<ConfinedDirectory>) -> FileStatus? {
        // Missing in this layer.
        try? root.value.openWithoutLinks(path.string, [.pathOnly, .notFollowingLink]).status()
    }

    /// Whether a parent of `path` in this layer hides those of the layers below it.
    private func hides(_ path: FilePath, _ root: Shared<ConfinedDirectory>) -> Bool {
        var parent = path.removingLastComponent()
        while !parent.isEmpty {
            if let status = status(of: parent, in: root) {
                guard status.kind == .directory,
                    let directory = try? root.value.openWithoutLinks(parent.string, .directory)
                else { return true }
                // Unreadable attributes hide nothing.
                let attributes = try? directory.extendedAttributes()
                if attributes?[OverlayMount.opaqueAttribute] != nil { return true }
            }
            parent.removeLastComponent()
        }
        return false
    }
}

/// Collects the changes that an overlay's upper directory holds.
private struct ChangeWalk {
    let upper: FilePath
    let lower: LowerLayers
    let stubs: Set<FilePath>
    var changes: [FileChange] = []

    /// Adds the changes below `directory`; returns whether it holds a mount point.
    mutating func visit(_ directory: FilePath) throws(SystemCallError) -> Bool {
        var holdsMountPoint = false
        for name in try FileSystem.entries(of: upper.appending(directory.components)) {
            let path = directory.appending(name)
            guard !stubs.contains(path) else {
                holdsMountPoint = true
                continue
            }
            let status = try FileSystem.status(
                of: upper.appending(path.components),
                followingLink: false
            )
            let former = lower.status(of: path)
            if status.isWhiteout {
                if former != nil { add(path, .deleted) }
            } else if status.kind == .directory {
                try add(directory: path, status, former)
            } else {
                add(path, former == nil ? .added : .modified)
            }
        }
        return holdsMountPoint
    }

    /// Adds a directory before its content, unless it is only the way to a mount point or was only
    /// copied up.
    private mutating func add(
        directory path: FilePath,
        _ status: FileStatus,
        _ former: FileStatus?
    ) throws(SystemCallError) {
        let index = changes.count
        let holdsMountPoint = try visit(path)
        let isUnchanged = former.map(status.hasAttributes) ?? holdsMountPoint
        if isUnchanged, changes.count == index { return }
        add(path, former == nil ? .added : .modified)
        changes.insert(changes.removeLast(), at: index)
    }

    private mutating func add(_ path: FilePath, _ kind: FileChange.Kind) {
        changes.append(FileChange(path: FilePath(root: "/", path.components), kind: kind))
    }
}

extension FileStatus {
    /// Whether it marks a removed file of a lower layer. Source: kernel, overlayfs.rst.
    fileprivate var isWhiteout: Bool {
        kind == .characterDevice && node == DeviceNumber(major: 0, minor: 0)
    }

    /// Whether a directory was only copied up.
    fileprivate func hasAttributes(of other: FileStatus) -> Bool {
        kind == other.kind && mode == other.mode && owner == other.owner && group == other.group
    }
}
