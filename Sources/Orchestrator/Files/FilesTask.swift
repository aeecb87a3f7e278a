import Archive
public import OCI

/// The work of a process of its own on the files of one container.
enum FilesTask: Codable, Sendable, Equatable {
    /// Writes the status of a path as one line of JSON; then an archive, unless `statusOnly`.
    case read(path: String, statusOnly: Bool)
    /// Extracts the archive on standard input into a directory.
    case write(path: String, rules: ArchiveRules)
    /// Writes an archive of the container's own files.
    case export
    /// Creates an image and prints its id.
    case commit(CommitOrder)
}

/// The treatment of an archive that a client sends.
public struct ArchiveRules: Codable, Sendable, Equatable {
    /// Directories are never replaced by non-directories or the reverse.
    public var keepsKinds: Bool
    /// Files belong to the container's user, if it has one, instead of the owners in the archive.
    public var usesContainersOwner: Bool

    public init(keepsKinds: Bool, usesContainersOwner: Bool) {
        self.keepsKinds = keepsKinds
        self.usesContainersOwner = usesContainersOwner
    }
}

/// An image that a client asks to be made from a container.
public struct CommitOrder: Codable, Sendable, Equatable {
    /// Nil for an image without a name.
    public var reference: String?
    public var author: String?
    public var comment: String?
    /// Whether the container is paused while its files are read.
    public var pauses = true
    /// Dockerfile instructions that change the configuration.
    public var changes: [String] = []
    /// Settings that take precedence over the container's.
    public var settings = ImageConfiguration.Config()

    public init() {}
}

/// The reason for which a task failed, as its process reports it.
public struct FilesFailure: Error, Codable, Sendable, Equatable {
    public enum Kind: String, Codable, Sendable {
        case notFound
        case invalid
        case readOnly
        case other
    }

    public var kind: Kind
    public var message: String
}

extension FilesFailure: CustomStringConvertible {
    public var description: String { message }
}

extension FilesFailure {
    init(_ error: any Error) {
        self.init(kind: Self.kind(of: error), message: "\(error)")
    }

    private static func kind(of error: any Error) -> Kind {
        guard let error = error as? CopyError else { return .other }
        return switch error {
        case .notFound, .noSuchDirectory: .notFound
        case .notADirectory, .directoryOverFile, .specialFile, .kernelFile: .invalid
        case .readOnly: .readOnly
        case .archive(let fault) where fault.isOfSystem: .other
        case .archive: .invalid
        case .source, .system, .runtime: .other
        }
    }
}

extension ArchiveError {
    /// Whether a system call failed, rather than the archive being invalid.
    fileprivate var isOfSystem: Bool { if case .system = problem { true } else { false } }
}
