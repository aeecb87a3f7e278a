public import Notation

/// Weights and rate limits of block devices.
///
/// Source: Compose Specification, services, `blkio_config`.
public struct BlockIO: Sendable, Equatable {
    /// The I/O weight of one device.
    public struct DeviceWeight: Sendable, Equatable {
        /// The device node.
        public var path: String
        /// 10 to 1000.
        public var weight: UInt16

        /// Creates a weight.
        public init(path: String, weight: UInt16) {
            self.path = path
            self.weight = weight
        }
    }

    /// The rate limit of one device.
    public struct DeviceRate: Sendable, Equatable {
        /// The device node.
        public var path: String
        /// Bytes or operations per second.
        public var rate: ByteCount

        /// Creates a rate limit.
        public init(path: String, rate: ByteCount) {
            self.path = path
            self.rate = rate
        }
    }

    /// The default weight, 10 to 1000; nil means 500.
    public var weight: UInt16?
    /// Weights of individual devices.
    public var deviceWeights: [DeviceWeight] = []
    /// Limits in bytes read per second.
    public var readBytes: [DeviceRate] = []
    /// Limits in read operations per second.
    public var readOperations: [DeviceRate] = []
    /// Limits in bytes written per second.
    public var writeBytes: [DeviceRate] = []
    /// Limits in write operations per second.
    public var writeOperations: [DeviceRate] = []

    /// Creates an empty section.
    public init() {}
}

extension BlockIO {
    init(_ fields: Fields) throws(ComposeError) {
        weight = try fields.nonZero("weight")
        deviceWeights = try fields.list("weight_device", DeviceWeight.init)
        readBytes = try fields.list("device_read_bps", DeviceRate.init)
        readOperations = try fields.list("device_read_iops", DeviceRate.init)
        writeBytes = try fields.list("device_write_bps", DeviceRate.init)
        writeOperations = try fields.list("device_write_iops", DeviceRate.init)
    }
}

extension BlockIO.DeviceWeight {
    init(_ fields: Fields) throws(ComposeError) {
        path = try fields.string("path") ?? ""
        weight = try fields.number("weight") ?? 0
    }
}

extension BlockIO.DeviceRate {
    init(_ fields: Fields) throws(ComposeError) {
        path = try fields.string("path") ?? ""
        rate = try fields.bytes("rate") ?? ByteCount(0)
    }
}
