import Linux
import SystemPackage

/// The user and group that own a file, by number.
public struct FileOwner: Sendable, Equatable {
    public var user: UInt32
    public var group: UInt32

    public init(user: UInt32, group: UInt32) {
        self.user = user
        self.group = group
    }

    /// Creates a directory and its missing parents, each of which belongs to this owner.
    func makeDirectories(_ path: FilePath) throws(SystemCallError) {
        let parent = path.removingLastComponent()
        if !parent.isEmpty, parent != path, !FileSystem.exists(parent) {
            try makeDirectories(parent)
        }
        do throws(SystemCallError) {
            try FileSystem.makeDirectory(path, mode: 0o755)
        } catch {
            // Another container of the project may have the same source.
            guard error.reason == .fileExists else { throw error }
            return
        }
        try FileSystem.setOwner(of: path, user: user, group: group)
    }
}
