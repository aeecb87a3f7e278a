import Linux
import SystemPackage

/// The file system name of a listening socket, removed only while it still denotes that socket.
struct SocketName {
    private let path: FilePath
    private let inode: UInt64

    /// The name of the socket just created at `path`.
    init(_ path: FilePath) throws(SystemCallError) {
        self.path = path
        inode = try FileSystem.status(of: path).inode
    }

    /// Removes a dead process's socket from `path`.
    static func clear(_ path: FilePath) throws(SystemCallError) {
        if FileSystem.exists(path) { try FileSystem.removeFile(path) }
    }

    /// False once the directory has been removed, even if it was created again.
    var isOurs: Bool {
        // If it cannot be inspected, it has been removed.
        (try? FileSystem.status(of: path))?.inode == inode
    }

    /// Removes it, so that a later client finds no socket.
    func remove() {
        // It may have been removed already.
        if isOurs { try? FileSystem.removeFile(path) }
    }
}
