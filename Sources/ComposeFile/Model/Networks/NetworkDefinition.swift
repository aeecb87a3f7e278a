import YAML

/// A network of the project.
///
/// Source: Compose Specification, networks.
public struct NetworkDefinition: Sendable, Equatable {
    /// Its name on the platform; `PROJECT_KEY` unless the file says otherwise.
    public var name: String?
    /// `bridge` and others; nil is the platform's default.
    public var driver: String?
    /// Options of the driver.
    public var driverOptions: [String: String] = [:]
    /// How addresses are given out.
    public var ipam = IPAM()
    /// Whether it exists already and is neither made nor removed.
    public var external: Bool = false
    /// Whether it has no way out.
    public var `internal`: Bool = false
    /// Whether others may attach.
    public var attachable: Bool = false
    /// Metadata.
    public var labels: [String: String] = [:]
    /// Whether it has IPv4 addresses; nil is yes.
    public var enableIPv4: Bool?
    /// Whether it has IPv6 addresses; nil is no.
    public var enableIPv6: Bool?
    /// Its `x-` keys.
    public var extensions: Extensions = [:]

    /// Makes a network about which nothing is said.
    public init(name: String? = nil) {
        self.name = name
    }
}

extension NetworkDefinition {
    init(_ node: YAMLNode, _ path: AttributePath) throws(ComposeError) {
        guard !node.isNull else { return }
        let fields = try Fields(of: node, at: path)
        name = try fields.string("name")
        driver = try fields.string("driver")
        driverOptions = try fields.labels("driver_opts")
        ipam = try fields.section("ipam").map(IPAM.init) ?? IPAM()
        external = try fields.flag("external")
        self.internal = try fields.flag("internal")
        attachable = try fields.flag("attachable")
        labels = try fields.labels("labels")
        enableIPv4 = try fields.boolean("enable_ipv4")
        enableIPv6 = try fields.boolean("enable_ipv6")
        extensions = fields.extensions
    }
}
