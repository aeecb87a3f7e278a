import YAML

/// Devices asked for by what they can do.
public struct DeviceRequest: Sendable, Equatable {
    /// What the device must be able to do, as `gpu`.
    public var capabilities: [String] = []
    /// Who supplies the device, as `nvidia`.
    public var driver: String?
    /// How many; -1 is all, 0 leaves it to `ids`.
    public var count: Int64 = 0
    /// Which ones.
    public var ids: [String] = []
    /// Options of the driver.
    public var options: [String: String] = [:]

    /// Makes a request about which nothing is said yet.
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
