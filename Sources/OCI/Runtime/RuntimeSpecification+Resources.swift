extension RuntimeSpecification {
    /// The limits of the container's control group. Source: `config-linux.md`, control groups.
    public struct Resources: Codable, Hashable, Sendable {
        /// Device access rules; the last matching one applies.
        public var devices: [DeviceRule]?
        public var memory: Memory?
        public var cpu: CPU?
        public var pids: Pids?
        public var blockIO: BlockIO?
        /// Values written unchanged to the cgroup v2 files of these names.
        public var unified: [String: String]?

        public init() {}
    }

    /// A device access rule; omitted fields match all devices.
    public struct DeviceRule: Codable, Hashable, Sendable {
        public var allow: Bool
        /// `a`, `b` or `c`.
        public var type: String?
        public var major: Int64?
        public var minor: Int64?
        /// A combination of `r`, `w` and `m`.
        public var access: String?

        public init(
            allow: Bool,
            type: String? = nil,
            major: Int64? = nil,
            minor: Int64? = nil,
            access: String? = nil
        ) {
            self.allow = allow
            self.type = type
            self.major = major
            self.minor = minor
            self.access = access
        }
    }

    /// In bytes; −1 means no limit.
    public struct Memory: Codable, Hashable, Sendable {
        public var limit: Int64?
        public var reservation: Int64?
        /// Memory and swap together.
        public var swap: Int64?
        public var swappiness: UInt64?
        public var disableOOMKiller: Bool?

        public init() {}
    }

    /// Quota and periods in microseconds.
    public struct CPU: Codable, Hashable, Sendable {
        public var shares: UInt64?
        public var quota: Int64?
        public var period: UInt64?
        public var realtimeRuntime: Int64?
        public var realtimePeriod: UInt64?
        /// A list like `0-3,7`.
        public var cpus: String?
        /// A list of memory nodes.
        public var mems: String?

        public init() {}
    }

    /// The maximum number of tasks; −1 means no limit.
    public struct Pids: Codable, Hashable, Sendable {
        public var limit: Int64?

        public init(limit: Int64?) { self.limit = limit }
    }

    /// Weights and throttles of block devices.
    public struct BlockIO: Codable, Hashable, Sendable {
        public var weight: UInt16?
        public var leafWeight: UInt16?
        public var weightDevice: [WeightDevice]?
        public var throttleReadBpsDevice: [ThrottleDevice]?
        public var throttleWriteBpsDevice: [ThrottleDevice]?
        public var throttleReadIOPSDevice: [ThrottleDevice]?
        public var throttleWriteIOPSDevice: [ThrottleDevice]?

        public init() {}
    }

    /// The weight of one block device.
    public struct WeightDevice: Codable, Hashable, Sendable {
        public var major: Int64
        public var minor: Int64
        public var weight: UInt16?
        public var leafWeight: UInt16?

        public init(major: Int64, minor: Int64, weight: UInt16) {
            self.major = major
            self.minor = minor
            self.weight = weight
        }
    }

    /// The rate of one block device, in bytes or operations per second.
    public struct ThrottleDevice: Codable, Hashable, Sendable {
        public var major: Int64
        public var minor: Int64
        public var rate: UInt64

        public init(major: Int64, minor: Int64, rate: UInt64) {
            self.major = major
            self.minor = minor
            self.rate = rate
        }
    }
}
