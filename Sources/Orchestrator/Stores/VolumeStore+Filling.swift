import Linux
import SystemPackage

extension VolumeStore {
    /// Fills an empty volume atomically.
    ///
    /// `copy` fills an empty directory and gives it the volume's owner and mode, or returns false
    /// if there is nothing to copy. The content is prepared beside the volume and then moved in; the
    /// next call completes a move that a crash interrupted. The volume's own directory is kept,
    /// since a running container may have it mounted.
    func fill(_ name: String, _ copy: (FilePath) throws -> Bool) throws {
        let root = directory.appending(name)
        try FileLock(waitingFor: root.appending("fill.lock")).whileHeld {
            try fillLocked(name, copy)
        }
    }

    private func fillLocked(_ name: String, _ copy: (FilePath) throws -> Bool) throws {
        let root = directory.appending(name)
        let (scratch, ready) = (root.appending("filling"), root.appending("filled"))
        if !FileSystem.exists(ready) {
            try FileSystem.removeTree(scratch)
            guard try FileSystem.entries(of: content(of: name)).isEmpty else { return }
            try FileSystem.makeDirectory(scratch)
            guard try copy(scratch) else { return try FileSystem.removeTree(scratch) }
            try FileSystem.rename(scratch, to: ready)
        }
        try moveIn(ready, content(of: name))
    }

    private func moveIn(_ source: FilePath, _ target: FilePath) throws(SystemCallError) {
        // Files that a container wrote after an interrupted move take precedence.
        for name in try FileSystem.entries(of: source)
        where !exists(target.appending(name)) {
            try FileSystem.rename(source.appending(name), to: target.appending(name))
        }
        try TreeCopy.copyAttributes(
            of: try Descriptor.open(source, .directory),
            to: try Descriptor.open(target, .directory)
        )
        try FileSystem.removeTree(source)
    }

    private func exists(_ path: FilePath) -> Bool {
        // A dangling link exists; a path that cannot be examined does not.
        (try? FileSystem.status(of: path, followingLink: false)) != nil
    }
}
