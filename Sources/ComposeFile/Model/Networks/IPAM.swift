/// How the addresses of a network are given out.
public struct IPAM: Sendable, Equatable {
    /// A range of addresses.
    public struct Pool: Sendable, Equatable {
        /// The range, as `172.28.0.0/16`.
        public var subnet: String?
        /// The address of the bridge.
        public var gateway: String?
        /// The part of the range that is given out.
        public var ipRange: String?
        /// Addresses that are never given out, by name.
        public var auxiliaryAddresses: [String: String] = [:]
        /// Its `x-` keys.
        public var extensions: Extensions = [:]

        /// Makes a pool about which nothing is said.
        public init() {}
    }

    /// `default` is the only one here.
    public var driver: String?
    /// The ranges.
    public var pools: [Pool] = []
    /// Options of the driver.
    public var options: [String: String] = [:]
    /// Its `x-` keys.
    public var extensions: Extensions = [:]

    /// Makes a section that says nothing.
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
