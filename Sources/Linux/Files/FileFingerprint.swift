import SystemPackage

/// What tells a file from what it was before.
struct FileFingerprint: Equatable {
    let kind: FileStatus.Kind
    let device: UInt64
    let inode: UInt64
    let mode: UInt16
    let owner: UInt32
    let group: UInt32
    /// Of a directory none: that its entries change is told by themselves.
    let size: Int64?
    let modified: Duration?

    var isDirectory: Bool { kind == .directory }

    /// Nil when nothing is there.
    init?(of path: FilePath, followingLink: Bool) throws(SystemCallError) {
        let status: FileStatus
        do {
            status = try FileSystem.status(of: path, followingLink: followingLink)
        } catch  where error.saysThatNothingIsThere {
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
    /// Whether a path leads nowhere, or no further than to something else.
    var saysThatNothingIsThere: Bool {
        [.noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels].contains(reason)
    }
}
