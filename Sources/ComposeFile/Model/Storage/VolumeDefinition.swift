import YAML

/// A named volume of the project.
///
/// Source: Compose Specification, volumes.
public struct VolumeDefinition: Sendable, Equatable {
    /// Its name on the platform; `PROJECT_KEY` unless the file says otherwise.
    public var name: String?
    /// `local` is the only one here; nil is the same.
    public var driver: String?
    /// Options of the driver.
    public var driverOptions: [String: String] = [:]
    /// Whether it exists already and is neither made nor removed.
    public var external: Bool = false
    /// Metadata.
    public var labels: [String: String] = [:]
    /// Its `x-` keys.
    public var extensions: Extensions = [:]

    /// Makes a volume about which nothing is said.
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
