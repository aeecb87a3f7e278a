import Dockerfile
import ImageStore
import OCI
import SystemPackage

/// One step of a build: what it does and which steps' results it starts from.
///
/// Equal steps, also of several images, are one vertex and run once.
final class Vertex: Sendable {
    let id: Int
    let operation: Operation
    /// The step whose files this one starts with; nil for an empty tree.
    let parent: Vertex?
    /// Steps whose files it reads: `--from` and mounts.
    let sources: [Vertex]
    /// As progress shows it.
    let name: String
    let origin: Origin?
    let ignoresCache: Bool

    init(
        id: Int,
        operation: Operation,
        parent: Vertex?,
        sources: [Vertex],
        name: String,
        origin: Origin?,
        ignoresCache: Bool
    ) {
        self.id = id
        self.operation = operation
        self.parent = parent
        self.sources = sources
        self.name = name
        self.origin = origin
        self.ignoresCache = ignoresCache
    }

    /// Everything that must be done before.
    var inputs: [Vertex] { (parent.map { [$0] } ?? []) + sources }
}

/// What a step does.
enum Operation: Sendable {
    /// Takes an image of the store.
    case image(Image)
    case run(RunStep)
    case transfer(TransferStep)
    case workingDirectory(DirectoryStep)
}

/// Which lines of which Dockerfile a step comes from.
struct Origin: Sendable {
    var dockerfile: [String]
    var position: SourcePosition
    var lastLine: Int

    var excerpt: DockerfileExcerpt {
        DockerfileExcerpt(dockerfile, at: position, through: max(lastLine, position.line))
    }
}

/// COPY or ADD with everything expanded.
struct TransferStep: Sendable {
    enum Source: Sendable {
        case context(BuildContext)
        /// The only source vertex.
        case stage
    }

    var source: Source
    var paths: [String]
    /// Files written in the Dockerfile.
    var files: [InlineFile]
    /// Absolute; ends in `/` when it must be a folder.
    var destination: String
    var owner: String?
    var mode: ModeChange?
    /// The mode as written, for the key.
    var modeText: String?
    var excludes: [String]
    var isLink: Bool
    var keepsParents: Bool
    /// Whether archives are unpacked.
    var unpacks: Bool
    var position: SourcePosition
}

/// A file that stands in the Dockerfile.
struct InlineFile: Sendable {
    var name: String
    var content: String
}

/// WORKDIR: a folder that has to be there.
struct DirectoryStep: Sendable {
    var path: String
    var user: String
}

/// RUN with everything expanded.
struct RunStep: Sendable {
    struct Mount: Sendable {
        enum Source: Sendable {
            case context(BuildContext)
            /// One of the vertex's sources.
            case stage(Int)
            /// A cache, tmpfs, secret or agent.
            case none
        }

        var options: MountOptions
        var text: String
        var source: Source
    }

    var arguments: [String]
    /// `NAME=value`, ENV and ARG.
    var environment: [String]
    /// Proxy variables: in the environment, not in the key.
    var proxies: [String]
    var user: String
    var workingDirectory: String
    var network: BuildRequest.Network
    var isInsecure: Bool
    var mounts: [Mount]
    /// A heredoc that is a program of its own, seen at `/dev/pipes/NAME`.
    var script: InlineFile?
    var settings: RunSettings
}

/// What the request says about how steps run; no part of their keys.
struct RunSettings: Sendable {
    var extraHosts: [(name: String, address: String)] = []
    var sharedMemory: UInt64?
    var limits: [BuildRequest.Limit] = []
    var secrets: [String: BuildRequest.Secret] = [:]
    var agents: [String: FilePath] = [:]
}
