public import OCI
public import SystemPackage

/// One image to build: the options of `docker build` and of a service's `build` section.
public struct BuildRequest: Sendable {
    /// The source of the Dockerfile.
    public enum Recipe: Sendable, Equatable {
        /// A file; a relative path is resolved from the context.
        case file(FilePath)
        /// The text of the Dockerfile.
        case inline(String)
    }

    /// The meaning of a name in `--from` or FROM that is neither a stage nor an image.
    public enum NamedContext: Sendable, Equatable {
        /// A directory of the host.
        case directory(FilePath)
        /// Another image: `docker-image://`.
        case image(ImageReference)
        /// An image in an OCI layout directory, by tag or digest.
        case layout(FilePath, reference: String)
        /// The image that another request of the same build produces.
        case request(named: String)
    }

    /// The source of a secret's bytes.
    public enum Secret: Sendable, Hashable {
        case file(FilePath)
        case value([UInt8])
    }

    /// A resource limit. Source: setrlimit(2).
    public struct Limit: Sendable, Hashable {
        /// Such as `nofile`.
        public var name: String
        public var soft: UInt64
        public var hard: UInt64

        public init(name: String, soft: UInt64, hard: UInt64) {
            self.name = name
            self.soft = soft
            self.hard = hard
        }
    }

    /// An entry of `/etc/hosts`; the address `host-gateway` is the host as RUN steps reach it.
    public struct Host: Sendable, Hashable {
        public var name: String
        public var address: String

        public init(name: String, address: String) {
            self.name = name
            self.address = address
        }
    }

    /// A privilege that a RUN step uses only if the request grants it, named as in BuildKit.
    public enum Entitlement: String, Sendable, CaseIterable {
        /// `RUN --security=insecure`.
        case insecure = "security.insecure"
        /// The network of the host.
        case hostNetwork = "network.host"
    }

    /// The network of RUN steps without `--network`.
    public enum Network: String, Sendable, Equatable {
        case standard = "default"
        case host
        case none
    }

    /// The service's name, shown before the stage's; nil if only one image is built.
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
    /// The references that the image receives.
    public var tags: [ImageReference] = []
    /// The platform of the image; nil for the host's.
    public var platform: Platform?
    /// Whether no step is taken from the cache.
    public var ignoresCache = false
    /// Names of stages that are not taken from the cache.
    public var uncachedStages: Set<String> = []
    /// Whether base images are pulled even if the store has them.
    public var pullsAlways = false
    public var network = Network.standard
    /// Entries of `/etc/hosts` in RUN steps.
    public var extraHosts: [Host] = []
    public var secrets: [String: Secret] = [:]
    /// Sockets of SSH agents, by id.
    public var agents: [String: FilePath] = [:]
    /// The size of `/dev/shm`, in bytes.
    public var sharedMemory: UInt64?
    public var limits: [Limit] = []
    /// The privileges that RUN steps may use.
    public var entitlements: Set<Entitlement> = []

    /// A request to build the Dockerfile in `context`.
    public init(context: FilePath) { self.context = context }
}

extension BuildRequest {
    /// The entitlements that a RUN step uses and the request does not grant.
    ///
    /// Selecting the host's network for all steps grants it.
    func missingEntitlements(network: Network, isInsecure: Bool) -> [Entitlement] {
        var needed: [Entitlement] = []
        if isInsecure { needed.append(.insecure) }
        if network == .host, self.network != .host { needed.append(.hostNetwork) }
        return needed.filter { !entitlements.contains($0) }
    }
}
