import Linux
import SystemPackage

/// Files and directories created only as mount points, to be removed after the step.
struct MountStubs {
    /// The existing parent of each mount point, and the components created below it.
    private var missing: [(parent: [FilePath.Component], names: [FilePath.Component])] = []
    private let base: LayeredTree

    init(of targets: [String], in base: LayeredTree) throws(SystemCallError) {
        self.base = base
        for target in targets {
            let resolution = try base.resolve(FilePath(target))
            missing.append((resolution.entry.path, resolution.missing))
        }
    }

    /// Removes mount points that are still empty from `upper`, and folders that are in it only
    /// because of them.
    func remove(from upper: FilePath) throws(SystemCallError) {
        let root = OpenDirectory(try Descriptor.open(upper, .directory))
        for place in missing.reversed() {
            var path = place.parent + place.names
            while let name = path.popLast() {
                guard let folder = try open(path, from: root),
                    let status = try folder.descriptor.status(ofEntry: name)
                else { continue }
                let isNew = path.count >= place.parent.count
                let isOurs = if isNew { true } else { try isUntouched(name, in: path, status) }
                guard isOurs else { break }
                guard try isEmpty(name, in: folder, status) else { break }
                let isDirectory = status.kind == .directory
                try folder.descriptor.remove(entry: name, isDirectory: isDirectory)
            }
        }
    }

    private func open(
        _ path: [FilePath.Component],
        from root: OpenDirectory
    ) throws(SystemCallError) -> OpenDirectory? {
        var folder = root
        for name in path {
            guard try folder.descriptor.status(ofEntry: name)?.kind == .directory else {
                return nil
            }
            folder = OpenDirectory(try folder.descriptor.open(entry: name, .directory))
        }
        return folder
    }

    private func isEmpty(
        _ name: FilePath.Component,
        in folder: OpenDirectory,
        _ status: FileStatus
    ) throws(SystemCallError) -> Bool {
        guard status.kind == .directory else {
            return status.kind == .regular && status.size == 0
        }
        let inner = OpenDirectory(try folder.descriptor.open(entry: name, .directory))
        let isOpaque = try inner.isOpaque
        return try inner.descriptor.entryNames().isEmpty && !isOpaque
    }

    /// Whether a folder of the stack below was copied up unchanged.
    private func isUntouched(
        _ name: FilePath.Component,
        in path: [FilePath.Component],
        _ status: FileStatus
    ) throws(SystemCallError) -> Bool {
        let place = FilePath(root: "/", path + [name])
        guard status.kind == .directory,
            let below = try base.resolve(place, followingLast: false).found?.status
        else { return false }
        return below.kind == .directory && below.mode == status.mode
            && below.owner == status.owner && below.group == status.group
    }
}
