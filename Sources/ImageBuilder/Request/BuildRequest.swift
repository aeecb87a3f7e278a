public import OCI
public import SystemPackage

/// One image to build: all that `docker build` or a service's `build:` can say.
public struct BuildRequest: Sendable {
    /// Where the Dockerfile's text is.
    public enum Recipe: Sendable, Equatable {
        /// A file; a relative path counts from the context.
        case file(FilePath)
        /// The text itself.
        case inline(String)
    }

    /// What a name in `--from` or FROM may stand for beside stages and images.
    public enum NamedContext: Sendable, Equatable {
        /// A directory of this machine.
        case directory(FilePath)
        /// Another image, as `docker-image://` names it.
        case image(ImageReference)
        /// An OCI layout directory, with a tag or digest in it.
        case layout(FilePath, reference: String)
        /// What another request of the same build makes.
        case request(named: String)
    }

    /// Where a secret's bytes come from.
    public enum Secret: Sendable, Equatable {
        case file(FilePath)
        case value([UInt8])
    }

    /// A limit of setrlimit(2).
    public struct Limit: Sendable, Equatable {
        /// As in `nofile`.
        public var name: String
        public var soft: UInt64
        public var hard: UInt64

        public init(name: String, soft: UInt64, hard: UInt64) {
            self.name = name
            self.soft = soft
            self.hard = hard
        }
    }

    /// The network of RUN steps that ask for none of their own.
    public enum Network: String, Sendable, Equatable {
        case standard = "default"
        case host
        case none
    }

    /// The service's name, shown before the stage's; nil when only one image is built.
    public var name: String?
    /// The directory that COPY and ADD read.
    public var context: FilePath
    public var recipe = Recipe.file("Dockerfile")
    /// The stage to build; nil for the last.
    public var target: String?
    /// Values for ARG.
    public var arguments: [String: String] = [:]
    public var namedContexts: [String: NamedContext] = [:]
    public var labels: [String: String] = [:]
    /// The names that the image gets.
    public var tags: [ImageReference] = []
    /// What it runs on; nil for this machine.
    public var platform: Platform?
    /// Whether every step runs again.
    public var ignoresCache = false
    /// Stages that run again, by name.
    public var uncachedStages: Set<String> = []
    /// Whether base images are looked for in their registries although they are here.
    public var pullsAlways = false
    public var network = Network.standard
    /// Lines for `/etc/hosts` in steps, by name.
    public var extraHosts: [(name: String, address: String)] = []
    public var secrets: [String: Secret] = [:]
    /// Sockets of SSH agents, by id.
    public var agents: [String: FilePath] = [:]
    /// The size of `/dev/shm`, in bytes.
    public var sharedMemory: UInt64?
    public var limits: [Limit] = []
    /// Whether `RUN --security=insecure` is granted.
    public var allowsInsecure = false
    /// Whether `RUN --network=host` is granted.
    public var allowsHostNetwork = true

    /// A build of the Dockerfile in `context`.
    public init(context: FilePath) { self.context = context }
}
