public import Linux
public import OCI

/// A container as it was created; constant until it is removed.
///
/// Stored as `container.json` beside the bundle's `config.json`, which describes its process.
public struct ContainerRecord: Codable, Sendable, Equatable, Identifiable {
    /// 64 hexadecimal digits.
    public var id: String
    /// Unique on this machine: `PROJECT-SERVICE-N` or `container_name`.
    public var name: String
    public var project: String
    public var service: String
    /// The replica, from 1; 0 for a container of `run`.
    public var number: Int
    /// Created by `run`.
    public var isOneOff = false
    /// The step of `pre_start` that it runs, as a one-off container; nil for any other.
    public var initStep: InitStep?
    /// It is removed with its anonymous volumes when it exits: `run --rm`.
    @OrFalse public var removesItself: Bool = false
    /// The image reference as in the Compose file.
    public var image: String
    /// The digest of the image's configuration.
    public var imageID: Digest
    /// The command line as `ps` shows it.
    public var command: [String]
    public var created: Timestamp
    /// The user's labels and those of `com.docker.compose`.
    public var labels: [String: String] = [:]
    /// Snapshot directories of the root file system, topmost first.
    public var lowerDirectories: [String] = []

    public var restart = RestartRule.never
    public var restartPacing: RestartPacing?
    public var healthProbe: HealthProbe?
    public var stopSignal = Signal.terminate
    /// From the stop signal to SIGKILL.
    public var stopGrace = Duration.seconds(10)
    public var network = NetworkUse.none
    /// Namespaces shared with other containers: `pid`, `ipc`, `uts` or `cgroup` to id or name.
    public var joins: [String: String] = [:]
    /// The containers that lend it namespaces or mounts: service to id. Nil in older records.
    public var lenders: [String: String]?
    /// The last endpoints of the container that it replaces, whose addresses it takes over where
    /// they are free. Nil in older records.
    public var formerEndpoints: [ContainerState.EndpointState]?
    public var ports: [PublishedPort] = []
    /// `PORT/PROTOCOL` of the image's EXPOSE and the service's `expose`, for display.
    public var exposedPorts: [String] = []
    public var volumes: [VolumeUse] = []
    /// All mounts of the service, which `volumes_from` copies.
    public var mounts: [RuntimeSpecification.Mount] = []
    /// Directories of the host that were created for bind mounts. Nil in older records.
    public var createdSources: [String]?
    public var logging = LogRule.none
    public var postStart: [HookCommand] = []
    public var preStop: [HookCommand] = []

    /// The content of `/etc/hosts`, `/etc/hostname` and `/etc/resolv.conf`.
    public var names = NameRules()

    public var hasTerminal = false
    /// Its input stays open while no command is attached: `stdin_open`.
    public var keepsInputOpen = false
    /// Its input ends with that of the first attached command, as with `run -i`.
    @OrFalse public var endsInputWithClient = false
}

/// A step of a service's `pre_start`.
public struct InitStep: Codable, Sendable, Equatable {
    /// The step's place in the list, from 0.
    public var index: Int
    /// The number of the replica that it prepares.
    public var replica: Int
}

/// When a container that exited is restarted.
public enum RestartRule: Codable, Sendable, Equatable {
    case never
    case always
    case unlessStopped
    /// On an exit code other than 0, at most `limit` times in a row; 0 means unlimited.
    case onFailure(limit: Int)
}

/// The pace of restarts: `deploy.restart_policy`.
public struct RestartPacing: Codable, Sendable, Equatable {
    /// The pause before each restart; nil: Docker's increasing delays.
    public var delay: Duration?
    /// The limit of consecutive failed restarts; nil or 0 means unlimited.
    public var attempts: Int?
    /// A run of this length counts as a success; nil or zero: no run does.
    public var window: Duration?
}

/// The health check as the supervisor performs it.
public struct HealthProbe: Codable, Sendable, Equatable {
    /// Program and arguments, run inside the container.
    public var command: [String]
    public var interval: Duration
    public var timeout: Duration
    public var startPeriod: Duration
    public var startInterval: Duration
    public var retries: Int
}

/// The network namespace of a container.
public enum NetworkUse: Codable, Sendable, Equatable {
    /// Its own, attached to these networks; the first is the primary one.
    case attached([NetworkAttachment])
    case host
    /// Its own, with nothing but the loopback interface.
    case none
    /// That of another container, by id or name.
    case container(String)
}

/// One interface of a container.
public struct NetworkAttachment: Codable, Sendable, Equatable {
    /// Full name of the network, `PROJECT_KEY`.
    public var network: String
    /// All names by which others on the network reach it.
    public var aliases: [String] = []
    /// Names that only this container can resolve: link alias to target name.
    public var links: [String: String] = [:]
    public var ipv4Address: String?
    public var ipv6Address: String?
    public var linkLocalAddresses: [String] = []
    public var macAddress: String?
    public var interfaceName: String?
    /// The attachment with the highest priority supplies the default route.
    public var gatewayPriority = 0
    /// Options of the endpoint, under Docker's names; nil in records of earlier versions.
    public var driverOptions: [String: String]?

    public init(
        network: String,
        aliases: [String] = [],
        links: [String: String] = [:],
        ipv4Address: String? = nil,
        ipv6Address: String? = nil,
        linkLocalAddresses: [String] = [],
        macAddress: String? = nil,
        interfaceName: String? = nil,
        gatewayPriority: Int = 0,
        driverOptions: [String: String]? = nil
    ) {
        self.network = network
        self.aliases = aliases
        self.links = links
        self.ipv4Address = ipv4Address
        self.ipv6Address = ipv6Address
        self.linkLocalAddresses = linkLocalAddresses
        self.macAddress = macAddress
        self.interfaceName = interfaceName
        self.gatewayPriority = gatewayPriority
        self.driverOptions = driverOptions
    }
}

/// A container port that is reachable through the host.
public struct PublishedPort: Codable, Sendable, Equatable {
    /// Empty: every address of the host.
    public var hostAddress: String
    /// The host ports to choose from; 0 to 0 means any free one.
    public var hostPorts: ClosedRange<UInt16>
    public var containerPort: UInt16
    /// `tcp` or `udp`.
    public var transport: String
}

/// A named or anonymous volume in use.
public struct VolumeUse: Codable, Sendable, Equatable {
    public var name: String
    public var target: String
    public var isAnonymous: Bool
}

/// How a container's output is logged.
public enum LogRule: Codable, Sendable, Equatable {
    case none
    /// In at most `count` CRI files of at most `maximumSize` bytes each.
    case files(maximumSize: Int64, count: Int)
}

/// A command of `post_start` or `pre_stop`.
public struct HookCommand: Codable, Sendable, Equatable {
    public var command: [String]
    public var user: String?
    public var workingDirectory: String?
    public var environment: [String]
    public var isPrivileged: Bool
}

/// A container's own names and its name resolution.
public struct NameRules: Codable, Sendable, Equatable {
    /// One line of `/etc/hosts`.
    public struct ExtraHost: Codable, Sendable, Equatable {
        public var name: String
        /// An address or `host-gateway`.
        public var address: String

        public init(name: String, address: String) {
            self.name = name
            self.address = address
        }
    }

    public var extraHosts: [ExtraHost]
    /// Upstream name servers; empty: the host's.
    public var servers: [String]
    public var searchDomains: [String]
    public var options: [String]
    /// Nil: the first twelve digits of the id.
    public var hostname: String?
    public var domainName: String?

    public init(
        extraHosts: [ExtraHost] = [],
        servers: [String] = [],
        searchDomains: [String] = [],
        options: [String] = [],
        hostname: String? = nil,
        domainName: String? = nil
    ) {
        self.extraHosts = extraHosts
        self.servers = servers
        self.searchDomains = searchDomains
        self.options = options
        self.hostname = hostname
        self.domainName = domainName
    }
}

extension ContainerRecord {
    /// The order in which a command chooses one container of a service: replicas by number, then
    /// those of `run`.
    public func isPreferred(to other: ContainerRecord) -> Bool {
        isOneOff != other.isOneOff ? other.isOneOff : number < other.number
    }
}
