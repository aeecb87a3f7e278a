import Linux
import SystemPackage

/// The name of a listening socket in the file system, which nobody but its maker takes away.
struct SocketName {
    private let path: FilePath
    private let inode: UInt64

    /// Of the socket that has just been made at `path`.
    init(_ path: FilePath) throws(SystemCallError) {
        self.path = path
        inode = try FileSystem.status(of: path).inode
    }

    /// Makes room at `path`, where a dead process may have left its socket.
    static func clear(_ path: FilePath) throws(SystemCallError) {
        if FileSystem.exists(path) { try FileSystem.removeFile(path) }
    }

    /// False once the directory was removed, and perhaps made anew.
    var isOurs: Bool {
        // What cannot be looked at is gone.
        (try? FileSystem.status(of: path))?.inode == inode
    }

    /// Takes it away; who connects later finds none.
    func remove() {
        // Gone already is as good.
        if isOurs { try? FileSystem.removeFile(path) }
    }
}
