public import Notation
public import YAML

/// What the file asks to run under one name.
///
/// Source: Compose Specification, services. An optional is nil where the file says nothing; what
/// holds then is told by the image or by the platform.
public struct Service: Sendable, Equatable {
    /// The key under `services`.
    public var name: String
    /// The profiles that call the service in; empty means always.
    public var profiles: [String] = []
    /// OCI annotations of the container.
    public var annotations: [String: String] = [:]
    /// Whether `up` shows the service's output; nil means yes.
    public var attach: Bool?
    /// How the image is built.
    public var build: BuildDefinition?
    /// What `watch` does.
    public var develop: Develop?
    /// Limits of block devices.
    public var blockIO: BlockIO?
    /// Capabilities beyond the usual ones.
    public var addedCapabilities: [String] = []
    /// Capabilities taken from the usual ones.
    public var droppedCapabilities: [String] = []
    /// The cgroup below which the container's is made.
    public var cgroupParent: String?
    /// The cgroup namespace; nil means a private one.
    public var cgroup: CgroupNamespace?
    /// Windows only.
    public var cpuCount: Int64?
    /// Windows only.
    public var cpuPercent: Float?
    /// The period of the CPU bandwidth limit, in microseconds.
    public var cpuPeriod: Int64?
    /// The share of `cpuPeriod` that may be used, in microseconds.
    public var cpuQuota: Int64?
    /// The period of the realtime limit, in microseconds.
    public var cpuRealtimePeriod: Int64?
    /// The realtime share of that period, in microseconds.
    public var cpuRealtimeRuntime: Int64?
    /// The number of CPUs that may be used, fractions allowed.
    public var cpus: Float?
    /// The CPUs that may be used, as `0-3,5`.
    public var cpuset: String?
    /// The relative weight, 1024 being the usual one.
    public var cpuShares: Int64?
    /// Replaces the image's CMD; nil keeps it, empty clears it.
    public var command: [String]?
    /// Configs shown as files.
    public var configs: [FileReference] = []
    /// The exact name of the only container.
    public var containerName: String?
    /// Windows only.
    public var credentialSpec: CredentialSpec?
    /// What must run before, by service name.
    public var dependsOn: [String: Dependency] = [:]
    /// Replicas, resources and what else a platform needs to know.
    public var deploy: Deploy?
    /// Rules of the device cgroup, as `c 1:3 mr`.
    public var deviceCgroupRules: [String] = []
    /// Device nodes of the host.
    public var devices: [Device] = []
    /// Name servers.
    public var dns: [String] = []
    /// Options of the resolver.
    public var dnsOptions: [String] = []
    /// Search domains of the resolver.
    public var dnsSearch: [String] = []
    /// The NIS domain name.
    public var domainName: String?
    /// Replaces the image's ENTRYPOINT and drops its CMD; nil keeps both, empty clears.
    public var entrypoint: [String]?
    /// The outside program that carries the service out.
    public var provider: Provider?
    /// Variables; nil for a name without any value, which the container then does not get.
    public var environment: [String: String?] = [:]
    /// Files of variables; empty once they have been read into `environment`.
    public var envFiles: [EnvFile] = []
    /// Ports that are told, not published.
    public var expose: [String] = []
    /// Links to containers outside the project, as `CONTAINER[:ALIAS]`.
    public var externalLinks: [String] = []
    /// Further lines of `/etc/hosts`: addresses by host name.
    public var extraHosts: [String: [String]] = [:]
    /// Supplementary groups, by name or number.
    public var groupAdd: [String] = []
    /// Graphics processors.
    public var gpus: [DeviceRequest] = []
    /// The host name inside; nil means the container's id.
    public var hostname: String?
    /// How the container's health is probed; nil keeps the image's.
    public var healthCheck: HealthCheck?
    /// The image to start from; nil for one that is built and named after the service.
    public var image: String?
    /// Whether a small init runs as PID 1.
    public var usesInit: Bool?
    /// The IPC namespace.
    public var ipc: NamespaceMode?
    /// Windows only, but for `default`.
    public var isolation: String?
    /// Metadata of the container.
    public var labels: [String: String] = [:]
    /// Files of labels; empty once they have been read into `labels`.
    public var labelFiles: [String] = []
    /// Links to other services, as `SERVICE[:ALIAS]`.
    public var links: [String] = []
    /// Where output goes.
    public var logging: Logging?
    /// The hard limit of memory.
    public var memoryLimit: ByteCount?
    /// The soft limit of memory.
    public var memoryReservation: ByteCount?
    /// The limit of memory and swap together; -1 is unlimited.
    public var memorySwapLimit: ByteCount?
    /// The kernel's readiness to swap, 0 to 100; cgroup v1 only.
    public var memorySwappiness: Int64?
    /// The hardware address on the primary network.
    public var macAddress: String?
    /// AI models, by key.
    public var models: [String: ServiceModel] = [:]
    /// What stands in for networks.
    public var networkMode: NetworkMode?
    /// The networks to attach to, by key.
    public var networks: [String: ServiceNetwork] = [:]
    /// Whether the out-of-memory killer spares the container; cgroup v1 only.
    public var disablesOOMKill: Bool = false
    /// Makes the out-of-memory killer like the container less (-1000) or more (1000).
    public var oomScoreAdjustment: Int64?
    /// The PID namespace.
    public var pid: NamespaceMode?
    /// How many processes there may be; -1 is unlimited.
    public var pidsLimit: Int64?
    /// Which variant of the image, as `linux/arm64`.
    public var platform: String?
    /// Ports reachable from the host and beyond.
    public var ports: [Port] = []
    /// Whether the container may do what root on the host may.
    public var privileged: Bool = false
    /// When the image is asked for anew.
    public var pullPolicy: PullPolicy?
    /// Whether the rootfs is mounted read-only.
    public var readOnly: Bool = false
    /// What happens when the container ends; nil means it stays ended.
    public var restart: RestartPolicy?
    /// The name of the OCI runtime.
    public var runtime: String?
    /// How many containers; nil leaves it to `deploy`.
    public var scale: Int?
    /// Secrets shown as files.
    public var secrets: [FileReference] = []
    /// Security options, as `no-new-privileges`.
    public var securityOptions: [String] = []
    /// The size of `/dev/shm`.
    public var shmSize: ByteCount?
    /// Whether standard input stays open.
    public var stdinOpen: Bool = false
    /// The time from the stop signal to SIGKILL; nil means ten seconds.
    public var stopGracePeriod: Duration?
    /// The stop signal; nil means the image's, or else SIGTERM.
    public var stopSignal: String?
    /// Options of the storage driver.
    public var storageOptions: [String: String] = [:]
    /// Namespaced kernel parameters.
    public var sysctls: [String: String] = [:]
    /// In-memory file systems, as `PATH[:OPTIONS]`.
    public var tmpfs: [String] = []
    /// Whether PID 1 gets a pseudo-terminal.
    public var tty: Bool = false
    /// Resource limits of PID 1, by name.
    public var ulimits: [String: Ulimit] = [:]
    /// Whether the engine's API socket is shown in the container.
    public var usesAPISocket: Bool = false
    /// `USER[:GROUP]`, names or numbers.
    public var user: String?
    /// The user namespace.
    public var userNamespaceMode: String?
    /// The UTS namespace.
    public var uts: NamespaceMode?
    /// What is mounted.
    public var volumes: [ServiceVolume] = []
    /// Services or containers whose mounts are taken over, as `SERVICE[:ro]`.
    public var volumesFrom: [String] = []
    /// The working directory of PID 1.
    public var workingDirectory: String?
    /// Init containers, run in order before the start.
    public var preStart: [Hook] = []
    /// Commands run inside after the start.
    public var postStart: [Hook] = []
    /// Commands run inside before the stop signal.
    public var preStop: [Hook] = []
    /// In the schema, without a meaning.
    public var pullRefreshAfter: String?
    /// The service's `x-` keys.
    public var extensions: Extensions = [:]
    /// Where the file says all this.
    public var source = Source()

    /// Makes a service about which nothing is said yet.
    public init(name: String) {
        self.name = name
    }

    /// How many containers the service has.
    public var replicas: Int { scale ?? deploy?.replicas ?? 1 }

    /// The variables that have a value.
    public var setEnvironment: [String: String] { environment.compactMapValues { $0 } }
}

extension Service {
    /// Where an attribute is written, as `location(of: "depends_on", "db")`.
    public func location(of path: String...) -> SourceLocation? {
        source.location(of: path)
    }
}
