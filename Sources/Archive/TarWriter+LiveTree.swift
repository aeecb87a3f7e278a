import CArchive
import Glibc
public import Linux
public import SystemPackage

extension TarWriter {
    /// Adds the entry `name` of an open directory, with everything below it, as `path`.
    ///
    /// Messages call the directory `label`.
    public func add(
        entry name: FilePath.Component,
        of directory: borrowing Descriptor,
        called label: FilePath,
        as path: FilePath
    ) throws(ArchiveError) {
        let parent = try DirectoryHandle(duplicating: directory.number, subject: label.string)
        let walk = TreeWalk(writer: self, root: label, options: TreeOptions(kind: .live))
        try walk.add(name, of: parent, at: path)
    }

    /// Adds an open directory, with everything below it, as `path`.
    public func add(
        directory: borrowing Descriptor,
        called label: FilePath,
        as path: FilePath
    ) throws(ArchiveError) {
        let handle = try DirectoryHandle(duplicating: directory.number, subject: label.string)
        let walk = TreeWalk(writer: self, root: label, options: TreeOptions(kind: .live))
        var status = stat()
        try call("fstat", label.string) { unsafe fstat(handle.number, &status) }
        try walk.addDirectory(handle, walk.entry(path, status))
    }
}

extension TarWriter {
    /// Adds the entries of an open directory, but not the directory itself.
    public func add(
        entriesOf directory: borrowing Descriptor,
        called label: FilePath
    ) throws(ArchiveError) {
        let handle = try DirectoryHandle(duplicating: directory.number, subject: label.string)
        let walk = TreeWalk(writer: self, root: label, options: TreeOptions(kind: .live))
        try walk.addEntries(of: handle, at: "")
    }
}

extension TreeWalk {
    /// Adds a file that may be replaced, grow or shrink concurrently.
    func addLiveFile(
        _ name: FilePath.Component,
        of directory: DirectoryHandle,
        at path: FilePath
    ) throws(ArchiveError) {
        let flags = carchive_o_path | O_NOFOLLOW | O_CLOEXEC
        let place = Descriptor(
            owning: try call("open", subject(path)) {
                unsafe name.withPlatformString { unsafe openat(directory.number, $0, flags) }
            }
        )
        var status = stat()
        let number = place.number
        try call("fstat", subject(path)) { unsafe fstat(number, &status) }
        // A device must not be opened: that alone may rewind a tape.
        guard status.st_mode & S_IFMT == S_IFREG else { return }
        var entry = entry(path, status)
        if try addLink(entry, status) { return }
        let file = Descriptor(
            owning: try call("open", subject(path)) {
                unsafe open("/proc/self/fd/\(number)", O_RDONLY | O_CLOEXEC)
            }
        )
        entry.kind = .file(size: Int64(status.st_size))
        entry.attributes = try attributes(of: file.number, at: path)
        try writer.addHeader(entry, dataParts: [])
        try copyLive(file.number, size: Int(status.st_size), path)
    }

    private func copyLive(_ file: Int32, size: Int, _ path: FilePath) throws(ArchiveError) {
        let source = ByteSource(borrowing: file, name: subject(path))
        var rest = size
        while rest > 0 {
            let piece = try source.next()
            guard !piece.isEmpty else { break }
            try writer.write(Array(piece.prefix(rest)), of: path)
            rest -= min(rest, piece.count)
        }
        let zeros = [UInt8](repeating: 0, count: min(rest, ByteSource.pieceSize))
        while rest > 0 {
            try writer.write(Array(zeros.prefix(rest)), of: path)
            rest -= min(rest, zeros.count)
        }
    }
}

extension DirectoryHandle {
    /// A second handle of the open directory `number`, readable even if that was opened by path
    /// only.
    convenience init(
        duplicating number: Int32,
        subject: @autoclosure () -> String
    ) throws(ArchiveError) {
        self.init(
            owning: Descriptor(
                owning: try call("open", subject()) {
                    unsafe openat(number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                }
            )
        )
    }
}

extension ArchiveError {
    /// Whether a file was removed or replaced concurrently.
    var isNotFound: Bool {
        guard case .system(let error) = problem else { return false }
        return [.noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels]
            .contains(error.reason)
    }
}
