import YAML

/// A network of the project.
///
/// Source: Compose Specification, networks.
public struct NetworkDefinition: Sendable, Equatable {
    /// Its name on the platform; by default `PROJECT_KEY`.
    public var name: String?
    /// The driver, such as `bridge`; nil means the platform's default.
    public var driver: String?
    /// Options of the driver.
    public var driverOptions: [String: String] = [:]
    /// Address management.
    public var ipam = IPAM()
    /// Whether it is managed outside the project: neither created nor removed.
    public var external: Bool = false
    /// Whether it is isolated from external networks.
    public var `internal`: Bool = false
    /// Whether standalone containers may attach.
    public var attachable: Bool = false
    /// Metadata.
    public var labels: [String: String] = [:]
    /// Whether it has IPv4 addresses; nil means yes.
    public var enableIPv4: Bool?
    /// Whether it has IPv6 addresses; nil means no.
    public var enableIPv6: Bool?
    /// Its `x-` extension fields.
    public var extensions: Extensions = [:]

    /// Creates a network without attributes.
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
