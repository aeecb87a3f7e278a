import Dockerfile
import Linux
import SystemPackage

/// An open directory with shared ownership.
final class OpenDirectory: Sendable {
    let descriptor: Descriptor

    init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }

    /// Whether it hides the directory below it in an overlay.
    var isOpaque: Bool {
        get throws(SystemCallError) {
            let value = try descriptor.extendedAttributes()[OverlayMount.opaqueAttribute]
            return value == [UInt8(ascii: "y")]
        }
    }
}

/// A file or directory in a stack of layers.
struct TreeEntry: Sendable {
    enum Place: Sendable {
        /// The layers in which it is a directory, topmost first.
        case directory([OpenDirectory])
        /// The directory that holds it.
        case entry(of: OpenDirectory)
    }

    /// The path from the root of the tree.
    var path: [FilePath.Component]
    /// Nil for the root of a stack without layers.
    var status: FileStatus?
    var place: Place
    /// The state of the ignore patterns at this path.
    var verdict = IgnorePatterns.Inherited()

    var name: FilePath.Component? { path.last }
    var isDirectory: Bool { if case .directory = place { true } else { false } }
    var kind: FileStatus.Kind { status?.kind ?? .directory }
    var mode: UInt16 { status?.mode ?? 0o755 }

    /// The layers of a directory; empty for other entries.
    var directories: [OpenDirectory] {
        if case .directory(let stack) = place { stack } else { [] }
    }

    /// `/a/b`, for messages and patterns.
    var text: String { "/" + path.map(\.string).joined(separator: "/") }

    /// The target of a symbolic link.
    var linkTarget: FilePath {
        get throws(SystemCallError) {
            guard case .entry(let directory) = place, let name else { return FilePath() }
            return try directory.descriptor.readLink(entry: name)
        }
    }

    /// Opens a regular file for reading, or the topmost of a directory's layers.
    func open() throws(SystemCallError) -> Descriptor {
        if case .entry(let directory) = place, let name {
            return try directory.descriptor.open(entry: name)
        }
        guard let top = directories.first else {
            throw SystemCallError(call: "open", subject: text, reason: .noSuchFileOrDirectory)
        }
        return try top.descriptor.duplicate()
    }

    /// The extended attributes that belong to the file itself, not to overlays and labels of the
    /// host.
    ///
    /// Files of a context keep only their capabilities, as in BuildKit.
    func portableAttributes(ofContext: Bool) throws(SystemCallError) -> [String: [UInt8]] {
        guard kind == .regular || kind == .directory, status != nil else { return [:] }
        return try open().extendedAttributes().filter { name, _ in
            if name == "security.capability" { return true }
            guard !ofContext, !name.hasPrefix("user.overlay.") else { return false }
            return name.hasPrefix("user.") || name.hasPrefix("system.posix_acl_")
        }
    }
}
