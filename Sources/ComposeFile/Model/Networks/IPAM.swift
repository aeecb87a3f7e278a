/// The address management of a network.
public struct IPAM: Sendable, Equatable {
    /// A range of addresses.
    public struct Pool: Sendable, Equatable {
        /// The range, such as `172.28.0.0/16`.
        public var subnet: String?
        /// The address of the bridge.
        public var gateway: String?
        /// The part of the range from which container addresses are allocated.
        public var ipRange: String?
        /// Reserved addresses, by name.
        public var auxiliaryAddresses: [String: String] = [:]
        /// Its `x-` extension fields.
        public var extensions: Extensions = [:]

        /// Creates a pool without attributes.
        public init() {}
    }

    /// The driver; `default` is the only one supported.
    public var driver: String?
    /// The address ranges.
    public var pools: [Pool] = []
    /// Options of the driver, which docker compose v2 neither prints nor passes on.
    public var options: [String: String] = [:]
    /// Its `x-` extension fields.
    public var extensions: Extensions = [:]

    /// Creates an empty section.
    public init() {}
}

extension IPAM {
    init(_ fields: Fields) throws(ComposeError) {
        driver = try fields.string("driver")
        pools = try fields.list("config", Pool.init)
        options = try fields.labels("options")
        extensions = fields.extensions
    }
}

extension IPAM.Pool {
    init(_ fields: Fields) throws(ComposeError) {
        subnet = try fields.string("subnet")
        gateway = try fields.string("gateway")
        ipRange = try fields.string("ip_range")
        auxiliaryAddresses = try fields.labels("aux_addresses")
        extensions = fields.extensions
    }
}
