public import Notation

/// How a service's image is built.
///
/// Source: Compose Build Specification.
public struct BuildDefinition: Sendable, Equatable {
    /// A directory, or the URL of a repository or tarball.
    public var context: String?
    /// The Dockerfile, relative to the context.
    public var dockerfile: String?
    /// The content of the Dockerfile, instead of a file.
    public var dockerfileInline: String?
    /// Additional privileges of the build, such as `network.host`.
    public var entitlements: [String] = []
    /// Values of `ARG`; nil for a name without a value.
    public var arguments: [String: String?] = [:]
    /// The provenance attestation, such as `mode=max`.
    public var provenance: String?
    /// The SBOM attestation, such as `true`.
    public var sbom: String?
    /// SSH agents and keys for `RUN --mount=type=ssh`, sorted by id.
    public var ssh: [SSHKey] = []
    /// Labels of the image.
    public var labels: [String: String] = [:]
    /// Sources of the build cache.
    public var cacheFrom: [String] = []
    /// Destinations of the build cache.
    public var cacheTo: [String] = []
    /// Whether the build cache is ignored.
    public var noCache: Bool = false
    /// The stages for which the build cache is ignored.
    public var noCacheFilter: [String] = []
    /// Named contexts: directories, URLs, `docker-image://…`, `service:NAME`.
    public var additionalContexts: [String: String] = [:]
    /// Whether base images are always pulled.
    public var pull: Bool = false
    /// Additional lines of `/etc/hosts` in `RUN` steps: addresses by host name.
    public var extraHosts: [String: [String]] = [:]
    /// Windows only.
    public var isolation: String?
    /// The network of `RUN` steps.
    public var network: String?
    /// The stage to build; nil for the last one.
    public var target: String?
    /// Secrets for `RUN --mount=type=secret`.
    public var secrets: [FileReference] = []
    /// The size of `/dev/shm` in `RUN` steps.
    public var shmSize: ByteCount?
    /// Additional tags of the image.
    public var tags: [String] = []
    /// Resource limits of `RUN` steps, by name.
    public var ulimits: [String: Ulimit] = [:]
    /// The platforms to build for.
    public var platforms: [String] = []
    /// Whether `RUN` steps may request privileges.
    public var privileged: Bool = false
    /// Its `x-` extension fields.
    public var extensions: Extensions = [:]

    /// Creates a definition without attributes.
    public init() {}
}

extension BuildDefinition {
    init(_ fields: Fields) throws(ComposeError) {
        context = try fields.string("context")
        dockerfile = try fields.string("dockerfile")
        dockerfileInline = try fields.string("dockerfile_inline")
        entitlements = try fields.strings("entitlements")
        arguments = try fields.variables("args")
        provenance = try fields.string("provenance")
        sbom = try fields.string("sbom")
        ssh = try SSHKey.keys(fields)
        labels = try fields.labels("labels")
        cacheFrom = try fields.strings("cache_from")
        cacheTo = try fields.strings("cache_to")
        noCache = try fields.flag("no_cache")
        noCacheFilter = try fields.strings("no_cache_filter")
        additionalContexts = try fields.labels("additional_contexts")
        pull = try fields.flag("pull")
        extraHosts = try fields.hosts("extra_hosts")
        isolation = try fields.string("isolation")
        network = try fields.string("network")
        target = try fields.string("target")
        secrets = try fields.list("secrets", FileReference.init)
        shmSize = try fields.bytes("shm_size")
        tags = try fields.strings("tags")
        ulimits = try fields.named("ulimits", Ulimit.init)
        platforms = try fields.strings("platforms")
        privileged = try fields.flag("privileged")
        extensions = fields.extensions
    }
}
