import Linux
import SystemPackage

extension VolumeStore {
    /// Fills a volume that holds nothing yet, wholly or not at all.
    ///
    /// `copy` fills an empty directory and gives it the owner and mode that the volume is to have;
    /// false says that there is nothing to copy. The content is made beside the volume and then
    /// moved in, and a move that a crash cut short is finished by the next call. The volume's own
    /// directory stays the same, because a running container may have it mounted.
    func fill(_ name: String, _ copy: (FilePath) throws -> Bool) throws {
        let root = directory.appending(name)
        let lock = try FileLock(waitingFor: root.appending("fill.lock"))
        defer { release(lock) }
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
        // What a container wrote while the move was interrupted has the last word.
        for name in try FileSystem.entries(of: source)
        where !isThere(target.appending(name)) {
            try FileSystem.rename(source.appending(name), to: target.appending(name))
        }
        try TreeCopy.copyAttributes(
            of: try Descriptor.open(source, .directory),
            to: try Descriptor.open(target, .directory)
        )
        try FileSystem.removeTree(source)
    }

    private func isThere(_ path: FilePath) -> Bool {
        // Whatever cannot be looked at is not there; a link that leads nowhere is.
        (try? FileSystem.status(of: path, followingLink: false)) != nil
    }

    private func release(_ lock: borrowing FileLock) {}
}
