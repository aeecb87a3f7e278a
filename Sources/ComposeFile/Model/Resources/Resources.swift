public import Notation

/// Limits or reservations of each container.
public struct Resources: Sendable, Equatable {
    /// The number of CPUs, which may be fractional.
    public var cpus: Float?
    /// The amount of memory.
    public var memory: ByteCount?
    /// The number of processes.
    public var pids: Int64?
    /// Devices.
    public var devices: [DeviceRequest] = []
    /// Countable resources of cluster nodes.
    public var genericResources: [GenericResource] = []
    /// Its `x-` extension fields.
    public var extensions: Extensions = [:]

    /// Creates an empty section.
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
