import Dockerfile
import Linux
import SystemPackage

/// A directory held open by all who need it.
final class OpenDirectory: Sendable {
    let descriptor: Descriptor

    init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }

    /// Whether overlayfs shows nothing of what lies below it.
    var isOpaque: Bool {
        get throws(SystemCallError) {
            let value = try descriptor.extendedAttributes()["trusted.overlay.opaque"]
            return value == [UInt8(ascii: "y")]
        }
    }
}

/// One file or directory in a stack of layers.
struct TreeEntry: Sendable {
    enum Place: Sendable {
        /// The layers in which it is a directory, topmost first.
        case directory([OpenDirectory])
        /// The directory that holds it.
        case entry(of: OpenDirectory)
    }

    /// From the root of the tree.
    var path: [FilePath.Component]
    /// Nil for the root of a stack without layers.
    var status: FileStatus?
    var place: Place
    /// How ignore patterns stand to it.
    var verdict = IgnorePatterns.Inherited()

    var name: FilePath.Component? { path.last }
    var isDirectory: Bool { if case .directory = place { true } else { false } }
    var kind: FileStatus.Kind { status?.kind ?? .directory }
    var mode: UInt16 { status?.mode ?? 0o755 }

    /// Empty for what is no directory.
    var directories: [OpenDirectory] {
        if case .directory(let stack) = place { stack } else { [] }
    }

    /// `/a/b`, for messages and patterns.
    var text: String { "/" + path.map(\.string).joined(separator: "/") }

    /// Where the link leads.
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

    /// The attributes that belong to the file rather than to this machine's overlays and labels.
    ///
    /// A context's files bring only their capabilities along, as with BuildKit.
    func portableAttributes(ofContext: Bool) throws(SystemCallError) -> [String: [UInt8]] {
        guard kind == .regular || kind == .directory, status != nil else { return [:] }
        return try open().extendedAttributes().filter { name, _ in
            if name == "security.capability" { return true }
            guard !ofContext, !name.hasPrefix("user.overlay.") else { return false }
            return name.hasPrefix("user.") || name.hasPrefix("system.posix_acl_")
        }
    }
}
