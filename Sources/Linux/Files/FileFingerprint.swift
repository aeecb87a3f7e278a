import SystemPackage

/// The attributes that change when a file is modified or replaced.
struct FileFingerprint: Equatable {
    let kind: FileStatus.Kind
    let device: UInt64
    let inode: UInt64
    let mode: UInt16
    let owner: UInt32
    let group: UInt32
    /// Nil for a directory: changes of its entries are reported for the entries.
    let size: Int64?
    let modified: Duration?

    var isDirectory: Bool { kind == .directory }

    /// Returns nil if `path` does not exist.
    init?(of path: FilePath, followingLink: Bool) throws(SystemCallError) {
        let status: FileStatus
        do {
            status = try FileSystem.status(of: path, followingLink: followingLink)
        } catch  where error.isMissing {
            return nil
        }
        kind = status.kind
        (device, inode, mode) = (status.device, status.inode, status.mode)
        (owner, group) = (status.owner, status.group)
        size = status.kind == .directory ? nil : status.size
        modified = status.kind == .directory ? nil : status.modified
    }
}

extension SystemCallError {
    /// Whether the path does not exist, or a component of it is not a directory.
    var isMissing: Bool {
        [.noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels].contains(reason)
    }
}
