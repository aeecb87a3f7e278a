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
