public import Notation
public import YAML

/// A service of a project: the specification of its containers.
///
/// An optional is nil if the Compose file omits the attribute; the image or the platform then
/// provides the value. Source: Compose Specification, services.
public struct Service: Sendable, Equatable {
    /// The key under `services`.
    public var name: String
    /// The profiles that enable the service; empty means always enabled.
    public var profiles: [String] = []
    /// OCI annotations of the container.
    public var annotations: [String: String] = [:]
    /// Whether `up` follows the service's logs; nil means yes.
    public var attach: Bool?
    /// The image's build definition.
    public var build: BuildDefinition?
    /// The rules of `watch`.
    public var develop: Develop?
    /// Limits of block device I/O.
    public var blockIO: BlockIO?
    /// Capabilities added to the default ones.
    public var addedCapabilities: [String] = []
    /// Capabilities removed from the default ones.
    public var droppedCapabilities: [String] = []
    /// The parent of the container's cgroup.
    public var cgroupParent: String?
    /// The cgroup namespace; nil means a private one.
    public var cgroup: CgroupNamespace?
    /// Windows only.
    public var cpuCount: Int64?
    /// Windows only.
    public var cpuPercent: Float?
    /// The period of the CPU bandwidth limit, in microseconds.
    public var cpuPeriod: Int64?
    /// The CPU time allowed per `cpuPeriod`, in microseconds.
    public var cpuQuota: Int64?
    /// The period of the realtime limit, in microseconds.
    public var cpuRealtimePeriod: Int64?
    /// The realtime CPU time allowed per period, in microseconds.
    public var cpuRealtimeRuntime: Int64?
    /// The maximum number of CPUs, which may be fractional.
    public var cpus: Float?
    /// The allowed CPUs, such as `0-3,5`.
    public var cpuset: String?
    /// The relative CPU weight; the default is 1024.
    public var cpuShares: Int64?
    /// Overrides the image's `CMD`; nil keeps it, empty clears it.
    public var command: [String]?
    /// Configs mounted as files.
    public var configs: [FileReference] = []
    /// The exact name of the service's single container.
    public var containerName: String?
    /// Windows only.
    public var credentialSpec: CredentialSpec?
    /// Dependencies, by service name.
    public var dependsOn: [String: Dependency] = [:]
    /// Replicas, resources and other deployment settings.
    public var deploy: Deploy?
    /// Rules of the device cgroup, such as `c 1:3 mr`.
    public var deviceCgroupRules: [String] = []
    /// Device nodes of the host.
    public var devices: [Device] = []
    /// DNS servers.
    public var dns: [String] = []
    /// DNS resolver options.
    public var dnsOptions: [String] = []
    /// DNS search domains.
    public var dnsSearch: [String] = []
    /// The NIS domain name.
    public var domainName: String?
    /// Overrides the image's `ENTRYPOINT` and discards its `CMD`; nil keeps both, empty clears both.
    public var entrypoint: [String]?
    /// The external program that manages the service.
    public var provider: Provider?
    /// Environment variables; nil for a name without a value, which the container does not get.
    public var environment: [String: String?] = [:]
    /// Files of environment variables; empty once they have been read into `environment`.
    public var envFiles: [EnvFile] = []
    /// Ports that are exposed but not published.
    public var expose: [String] = []
    /// Links to containers outside the project: `CONTAINER[:ALIAS]`.
    public var externalLinks: [String] = []
    /// Additional lines of `/etc/hosts`: addresses by host name.
    public var extraHosts: [String: [String]] = [:]
    /// Supplementary groups, by name or number.
    public var groupAdd: [String] = []
    /// GPU devices.
    public var gpus: [DeviceRequest] = []
    /// The container's host name; nil means its id.
    public var hostname: String?
    /// The health check; nil keeps the image's.
    public var healthCheck: HealthCheck?
    /// The image; nil for an image that is built and named after the service.
    public var image: String?
    /// Whether an init process runs as PID 1.
    public var usesInit: Bool?
    /// The IPC namespace.
    public var ipc: NamespaceMode?
    /// Windows only, except for `default`.
    public var isolation: String?
    /// Labels of the container.
    public var labels: [String: String] = [:]
    /// Files of labels; empty once they have been read into `labels`.
    public var labelFiles: [String] = []
    /// Links to other services: `SERVICE[:ALIAS]`.
    public var links: [String] = []
    /// The logging configuration.
    public var logging: Logging?
    /// The hard memory limit.
    public var memoryLimit: ByteCount?
    /// The soft memory limit.
    public var memoryReservation: ByteCount?
    /// The limit of memory and swap together; -1 means unlimited.
    public var memorySwapLimit: ByteCount?
    /// The swappiness, 0 to 100; cgroup v1 only.
    public var memorySwappiness: Int64?
    /// The MAC address on the primary network.
    public var macAddress: String?
    /// AI models, by key.
    public var models: [String: ServiceModel] = [:]
    /// The network mode, which excludes `networks`.
    public var networkMode: NetworkMode?
    /// The networks to attach to, by key.
    public var networks: [String: ServiceNetwork] = [:]
    /// Whether the OOM killer is disabled; cgroup v1 only.
    public var disablesOOMKill: Bool = false
    /// The adjustment of the OOM score, -1000 (killed last) to 1000 (killed first).
    public var oomScoreAdjustment: Int64?
    /// The PID namespace.
    public var pid: NamespaceMode?
    /// The maximum number of processes; -1 means unlimited.
    public var pidsLimit: Int64?
    /// The platform of the image, such as `linux/arm64`.
    public var platform: String?
    /// Published ports.
    public var ports: [Port] = []
    /// Whether the container has the host's root privileges.
    public var privileged: Bool = false
    /// The rule for when the image is pulled.
    public var pullPolicy: PullPolicy?
    /// Whether the rootfs is mounted read-only.
    public var readOnly: Bool = false
    /// The restart policy; nil means no restart.
    public var restart: RestartPolicy?
    /// The name of the OCI runtime.
    public var runtime: String?
    /// The number of containers; nil means `deploy.replicas`.
    public var scale: Int?
    /// Secrets mounted as files.
    public var secrets: [FileReference] = []
    /// Security options, such as `no-new-privileges`.
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
    /// Kernel parameters of the container's own namespaces.
    public var sysctls: [String: String] = [:]
    /// tmpfs mounts: `PATH[:OPTIONS]`.
    public var tmpfs: [String] = []
    /// Whether PID 1 is attached to a pseudo-terminal.
    public var tty: Bool = false
    /// Resource limits of PID 1, by name.
    public var ulimits: [String: Ulimit] = [:]
    /// Whether the engine's API socket is mounted in the container.
    public var usesAPISocket: Bool = false
    /// `USER[:GROUP]`, names or numbers.
    public var user: String?
    /// The user namespace.
    public var userNamespaceMode: String?
    /// The UTS namespace.
    public var uts: NamespaceMode?
    /// Mounts.
    public var volumes: [ServiceVolume] = []
    /// Services or containers whose mounts are shared: `SERVICE[:ro]`.
    public var volumesFrom: [String] = []
    /// The working directory of PID 1.
    public var workingDirectory: String?
    /// Init containers, run in order before the start.
    public var preStart: [Hook] = []
    /// Commands run in the container after its start.
    public var postStart: [Hook] = []
    /// Commands run in the container before its stop signal.
    public var preStop: [Hook] = []
    /// The age after which the image is pulled again; in the schema, but without effect.
    public var pullRefreshAfter: String?
    /// The service's `x-` extension fields.
    public var extensions: Extensions = [:]
    /// The tree from which the service was decoded.
    public var source = Source()

    /// Creates a service without attributes.
    public init(name: String) {
        self.name = name
    }

    /// The number of the service's containers.
    public var replicas: Int { scale ?? deploy?.replicas ?? 1 }

    /// The variables that have a value.
    public var setEnvironment: [String: String] { environment.compactMapValues { $0 } }
}

extension Service {
    /// The location of an attribute, as in `location(of: "depends_on", "db")`.
    public func location(of path: String...) -> SourceLocation? {
        source.location(of: path)
    }
}
