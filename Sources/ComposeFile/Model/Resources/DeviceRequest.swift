import YAML

/// A request for devices by capability.
public struct DeviceRequest: Sendable, Equatable {
    /// Capabilities of the device, such as `gpu`.
    public var capabilities: [String] = []
    /// The driver that provides the device, such as `nvidia`.
    public var driver: String?
    /// The number of devices; -1 means all, 0 means those in `ids`.
    public var count: Int64 = 0
    /// The identifiers of the devices.
    public var ids: [String] = []
    /// Options of the driver.
    public var options: [String: String] = [:]

    /// Creates a request without attributes.
    public init() {}
}

extension DeviceRequest {
    init(_ fields: Fields) throws(ComposeError) {
        capabilities = try fields.strings("capabilities")
        driver = try fields.string("driver")
        if fields["count"]?.string?.lowercased() == "all" {
            count = -1
        } else {
            count = try fields.number("count") ?? 0
        }
        ids = try fields.strings("device_ids")
        options = try fields.labels("options")
    }
}
