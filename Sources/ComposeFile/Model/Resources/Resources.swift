public import Notation

/// Limits or reservations of one container.
public struct Resources: Sendable, Equatable {
    /// The number of CPUs, fractions allowed.
    public var cpus: Float?
    /// Memory.
    public var memory: ByteCount?
    /// Processes.
    public var pids: Int64?
    /// Devices.
    public var devices: [DeviceRequest] = []
    /// Resources that a cluster counts.
    public var genericResources: [GenericResource] = []
    /// Its `x-` keys.
    public var extensions: Extensions = [:]

    /// Makes a section that says nothing.
    public init() {}
}

extension Resources {
    init(_ fields: Fields) throws(ComposeError) {
        cpus = try fields.float("cpus")
        memory = try fields.bytes("memory")
        pids = try fields.nonZero("pids")
        devices = try fields.list("devices", DeviceRequest.init)
        genericResources = try fields.list("generic_resources", GenericResource.init)
        extensions = fields.extensions
    }
}
