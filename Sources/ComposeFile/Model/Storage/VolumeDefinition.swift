import YAML

/// A named volume of the project.
///
/// Source: Compose Specification, volumes.
public struct VolumeDefinition: Sendable, Equatable {
    /// Its name on the platform; by default `PROJECT_KEY`.
    public var name: String?
    /// The driver; `local`, the only one supported, if nil.
    public var driver: String?
    /// Options of the driver.
    public var driverOptions: [String: String] = [:]
    /// Whether it is managed outside the project: neither created nor removed.
    public var external: Bool = false
    /// Metadata.
    public var labels: [String: String] = [:]
    /// Its `x-` extension fields.
    public var extensions: Extensions = [:]

    /// Creates a volume without attributes.
    public init(name: String? = nil) {
        self.name = name
    }
}

extension VolumeDefinition {
    init(_ node: YAMLNode, _ path: AttributePath) throws(ComposeError) {
        guard !node.isNull else { return }
        let fields = try Fields(of: node, at: path)
        name = try fields.string("name")
        driver = try fields.string("driver")
        driverOptions = try fields.labels("driver_opts")
        external = try fields.flag("external")
        labels = try fields.labels("labels")
        extensions = fields.extensions
    }
}
