public import SystemPackage

/// The header of an entry in a tar archive.
public struct TarEntry: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        case file(size: Int64)
        case directory
        case symbolicLink(target: FilePath)
        /// A hard link to an earlier entry.
        case hardLink(target: FilePath)
        case characterDevice(major: UInt32, minor: UInt32)
        case blockDevice(major: UInt32, minor: UInt32)
        case fifo
        /// A socket or an unknown kind.
        case other(mode: UInt32)
    }

    /// As recorded in the archive: may be absolute or contain `..`.
    public var path: FilePath
    public var kind: Kind
    /// Permissions with set-ID and sticky bits.
    public var mode: UInt32
    public var userID: Int64
    public var groupID: Int64
    public var modified: FileTime
    /// Extended attributes by name.
    public var attributes: [String: [UInt8]]

    public init(
        path: FilePath,
        kind: Kind,
        mode: UInt32 = 0o644,
        userID: Int64 = 0,
        groupID: Int64 = 0,
        modified: FileTime = FileTime(seconds: 0),
        attributes: [String: [UInt8]] = [:]
    ) {
        self.path = path
        self.kind = kind
        self.mode = mode
        self.userID = userID
        self.groupID = groupID
        self.modified = modified
        self.attributes = attributes
    }
}

/// A file time since 1970-01-01T00:00:00Z.
public struct FileTime: Sendable, Hashable {
    public var seconds: Int64
    public var nanoseconds: Int64

    public init(seconds: Int64, nanoseconds: Int64 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }
}
