import Dockerfile
import ImageStore
import OCI
import SystemPackage

/// The action of a step. Equal operations on equal inputs are one step.
enum Operation: Hashable, Sendable {
    /// Uses an image of the store.
    case image(Image)
    case run(RunStep)
    case transfer(TransferStep)
    case workingDirectory(DirectoryStep)

    static func == (left: Operation, right: Operation) -> Bool {
        switch (left, right) {
        case (.image(let left), .image(let right)): left.id == right.id
        case (.run(let left), .run(let right)): left == right
        case (.transfer(let left), .transfer(let right)): left == right
        case (.workingDirectory(let left), .workingDirectory(let right)): left == right
        default: false
        }
    }

    func hash(into hasher: inout Hasher) {
        switch self {
        case .image(let image): hasher.combine(image.id)
        case .run(let step): hasher.combine(step)
        case .transfer(let step): hasher.combine(step)
        case .workingDirectory(let step): hasher.combine(step)
        }
    }

    /// Adds the definition of the step, without the content of its inputs, to a cache key.
    func describe(in digest: inout ContentDigest) {
        switch self {
        case .image(let image):
            digest.add("image")
            digest.add("\(image.id)")
        case .run(let step): step.describe(in: &digest)
        case .transfer(let step): step.describe(in: &digest)
        case .workingDirectory(let step):
            digest.add(["directory", step.path, step.user])
        }
    }
}

/// A file whose content is part of the Dockerfile.
struct InlineFile: Hashable, Sendable {
    var name: String
    var content: String
}

/// WORKDIR: makes a directory unless it exists.
struct DirectoryStep: Hashable, Sendable {
    var path: String
    var user: String
}

/// COPY or ADD with all variables expanded.
struct TransferStep: Hashable, Sendable {
    enum Source: Hashable, Sendable {
        case context(BuildContext)
        /// The only source of the vertex.
        case stage
    }

    var source: Source
    var paths: [String]
    /// Heredocs.
    var files: [InlineFile]
    /// An absolute path; ends in `/` if it must be a directory.
    var destination: String
    var owner: String?
    var mode: ModeChange?
    /// The mode as written, for the cache key.
    var modeText: String?
    var excludes: [String]
    var isLink: Bool
    var keepsParents: Bool
    /// Whether archives are unpacked.
    var unpacks: Bool

    fileprivate func describe(in digest: inout ContentDigest) {
        digest.add("transfer")
        digest.add(paths)
        digest.add(files.flatMap { [$0.name, $0.content] })
        digest.add([destination, owner ?? "-", modeText ?? "-"])
        digest.add(excludes)
        digest.add([isLink, keepsParents, unpacks].map(String.init))
    }
}

/// RUN with all variables expanded.
struct RunStep: Hashable, Sendable {
    struct Mount: Hashable, Sendable {
        enum Source: Hashable, Sendable {
            case context(BuildContext)
            /// The source of the vertex with this index.
            case stage(Int)
            /// Nothing: a cache, tmpfs, secret or agent.
            case none
        }

        var options: MountOptions
        var text: String
        var source: Source
    }

    var arguments: [String]
    /// `NAME=value`, from ENV and ARG.
    var environment: [String]
    /// Proxy variables: part of the environment but not of the cache key.
    var proxies: [String]
    var user: String
    var workingDirectory: String
    var network: BuildRequest.Network
    var isInsecure: Bool
    var mounts: [Mount]
    /// A heredoc with an interpreter line, mounted at `/dev/pipes/NAME`.
    var script: InlineFile?
    var settings: RunSettings

    fileprivate func describe(in digest: inout ContentDigest) {
        digest.add("run")
        digest.add(arguments)
        digest.add(environment)
        digest.add([user, workingDirectory, network.rawValue, String(isInsecure)])
        digest.add(mounts.map(\.text))
        digest.add(script.map { [$0.name, $0.content] } ?? [])
        digest.add(settings.extraHosts.flatMap { [$0.name, $0.address] })
    }
}

/// The options of a request that RUN steps use; only the hosts are part of the cache key.
struct RunSettings: Hashable, Sendable {
    var extraHosts: [BuildRequest.Host] = []
    /// In bytes.
    var sharedMemory: UInt64?
    var limits: [BuildRequest.Limit] = []
    var secrets: [String: BuildRequest.Secret] = [:]
    var agents: [String: FilePath] = [:]
}
