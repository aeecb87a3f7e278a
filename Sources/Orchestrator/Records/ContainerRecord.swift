public import Linux
public import OCI

/// A container as it was created: what never changes until it is removed.
///
/// Stored as `container.json` beside the bundle's `config.json`, which says how its process runs.
public struct ContainerRecord: Codable, Sendable, Equatable, Identifiable {
    /// 64 hexadecimal digits.
    public var id: String
    /// Unique on this machine: `PROJECT-SERVICE-N` or the file's `container_name`.
    public var name: String
    public var project: String
    public var service: String
    /// Which replica, from 1; 0 for a container of `run`.
    public var number: Int
    /// Made by `run`, not by `up`.
    public var isOneOff = false
    /// It goes, with its anonymous volumes, when it ends: `run --rm`.
    @OrFalse public var removesItself: Bool = false
    /// Reference it was made from, as the file writes it.
    public var image: String
    /// Digest of the image's configuration.
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
    /// Namespaces taken from other containers: `pid`, `ipc`, `uts` or `cgroup` to id or name.
    public var joins: [String: String] = [:]
    public var ports: [PublishedPort] = []
    /// `PORT/PROTOCOL` of the image's EXPOSE and the service's `expose`, for the reader.
    public var exposedPorts: [String] = []
    public var volumes: [VolumeUse] = []
    /// What the service mounts, whether volume or not; `volumes_from` takes them over.
    public var mounts: [RuntimeSpecification.Mount] = []
    public var logging = LogRule.none
    public var postStart: [HookCommand] = []
    public var preStop: [HookCommand] = []

    /// Content of `/etc/hosts`, `/etc/hostname` and `/etc/resolv.conf`.
    public var names = NameRules()

    public var hasTerminal = false
    /// Its input does not end while nobody writes to it.
    public var keepsInputOpen = false
    /// Its input ends with that of the first command that was attached, as with `run -i`.
    @OrFalse public var endsInputWithClient = false
}

/// When a container that ended is started again.
public enum RestartRule: Codable, Sendable, Equatable {
    case never
    case always
    case unlessStopped
    /// On a status other than 0, at most so many times in a row; 0 means without limit.
    case onFailure(limit: Int)
}

/// How fast and how often a container is started again: `deploy.restart_policy`.
public struct RestartPacing: Codable, Sendable, Equatable {
    /// The pause before each restart; nil takes Docker's growing ones.
    public var delay: Duration?
    /// At most so many restarts in a row that do not succeed; nil or 0 means without limit.
    public var attempts: Int?
    /// A run of this length has succeeded; nil or zero: none ever has.
    public var window: Duration?
}

/// The health check as the supervisor carries it out.
public struct HealthProbe: Codable, Sendable, Equatable {
    /// Program and arguments, run inside the container.
    public var command: [String]
    public var interval: Duration
    public var timeout: Duration
    public var startPeriod: Duration
    public var startInterval: Duration
    public var retries: Int
}

/// Which network namespace a container lives in.
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
    /// Every name by which others on the network reach it.
    public var aliases: [String] = []
    /// Names that only this container resolves: link alias to target name.
    public var links: [String: String] = [:]
    public var ipv4Address: String?
    public var ipv6Address: String?
    public var linkLocalAddresses: [String] = []
    public var macAddress: String?
    public var interfaceName: String?
    /// The attachment with the highest supplies the default route.
    public var gatewayPriority = 0
}

/// A container port reachable through the host.
public struct PublishedPort: Codable, Sendable, Equatable {
    /// Empty means every address of the host.
    public var hostAddress: String
    /// First and last host port to choose from; 0 to 0 means any free one.
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

/// What becomes of a container's output.
public enum LogRule: Codable, Sendable, Equatable {
    case none
    /// CRI files of at most so many bytes, at most so many of them.
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

/// How a container is called and how it finds others by name.
public struct NameRules: Codable, Sendable, Equatable {
    /// One line of `/etc/hosts`.
    public struct Host: Codable, Sendable, Equatable {
        public var name: String
        /// An address or `host-gateway`.
        public var address: String

        public init(name: String, address: String) {
            self.name = name
            self.address = address
        }
    }

    public var extraHosts: [Host]
    /// Upstream name servers; empty takes the host's.
    public var servers: [String]
    public var searchDomains: [String]
    public var options: [String]
    /// Nil: the first twelve digits of the container's id.
    public var hostname: String?
    public var domainName: String?

    public init(
        extraHosts: [Host] = [],
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
    /// Whether a command that takes one container of a service takes this one first: the replicas by
    /// their numbers, then those of `run`.
    public func isPreferred(to other: ContainerRecord) -> Bool {
        isOneOff != other.isOneOff ? other.isOneOff : number < other.number
    }
}
