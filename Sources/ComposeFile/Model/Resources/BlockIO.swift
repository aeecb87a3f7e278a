public import Notation

/// Limits of block devices.
///
/// Source: Compose Specification, services, `blkio_config`.
public struct BlockIO: Sendable, Equatable {
    /// The weight of one device.
    public struct DeviceWeight: Sendable, Equatable {
        /// The device node.
        public var path: String
        /// 10 to 1000.
        public var weight: UInt16

        /// Makes a weight.
        public init(path: String, weight: UInt16) {
            self.path = path
            self.weight = weight
        }
    }

    /// The rate of one device.
    public struct DeviceRate: Sendable, Equatable {
        /// The device node.
        public var path: String
        /// Bytes or operations a second.
        public var rate: ByteCount

        /// Makes a rate.
        public init(path: String, rate: ByteCount) {
            self.path = path
            self.rate = rate
        }
    }

    /// 10 to 1000; nil is 500.
    public var weight: UInt16?
    /// The weights of single devices.
    public var deviceWeights: [DeviceWeight] = []
    /// Bytes read a second.
    public var readBytes: [DeviceRate] = []
    /// Reads a second.
    public var readOperations: [DeviceRate] = []
    /// Bytes written a second.
    public var writeBytes: [DeviceRate] = []
    /// Writes a second.
    public var writeOperations: [DeviceRate] = []

    /// Makes a section that says nothing.
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
