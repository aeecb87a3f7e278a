import Linux
public import OCI
import SystemPackage

/// The status of a path in a container, for clients of the Engine API.
///
/// Source: Engine API, `ContainerArchiveInfo`.
public struct PathStatus: Codable, Sendable, Equatable {
    /// The last component as typed.
    public var name: String
    /// In bytes.
    public var size: Int64
    /// In the bits of Go's `fs.FileMode`.
    public var mode: UInt32
    public var modified: Timestamp
    /// The absolute path to which a link leads; empty for other files.
    public var linkTarget: String
}

extension PathStatus {
    init(_ status: FileStatus, name: String, linkTarget: String) {
        self.name = name
        size = status.size
        mode = Self.mode(of: status)
        let (seconds, attoseconds) = status.modified.components
        modified = Timestamp(seconds: seconds, nanoseconds: Int32(attoseconds / 1_000_000_000))
        self.linkTarget = linkTarget
    }

    /// Source: Go, package io/fs, constants of `FileMode`.
    private static func mode(of status: FileStatus) -> UInt32 {
        var mode = UInt32(status.mode & 0o777)
        for (bit, goBit) in [(0o4000, 23), (0o2000, 22), (0o1000, 20)] as [(UInt16, UInt32)]
        where status.mode & bit != 0 {
            mode |= 1 << goBit
        }
        let kind: UInt32 =
            switch status.kind {
            case .regular: 0
            case .directory: 1 << 31
            case .symbolicLink: 1 << 27
            case .blockDevice: 1 << 26
            case .characterDevice: 1 << 26 | 1 << 21
            case .fifo: 1 << 25
            case .socket: 1 << 24
            }
        return mode | kind
    }
}

extension FileTree {
    /// The status of `source` itself; of a link's target if the path asserts a directory.
    borrowing func pathStatus(of source: CopyPath) throws(CopyError) -> PathStatus {
        let place = source.assertsDirectory ? try followingLinks(source.path) : source.path
        guard let status = try status(of: place) else { throw missing(source.path) }
        if source.assertsDirectory, status.kind != .directory {
            throw .notADirectory(source.path.string)
        }
        let isLink = status.kind == .symbolicLink
        return PathStatus(
            status,
            name: source.meansContents ? "." : source.path.lastComponent?.string ?? "/",
            linkTarget: isLink ? try followingLinks(place).string : ""
        )
    }
}
