import YAML

/// A configuration file made available to services.
///
/// Source: Compose Specification, configs.
public struct ConfigDefinition: Sendable, Equatable {
    /// Its name on the platform.
    public var name: String?
    /// The file that holds its content.
    public var file: String?
    /// The environment variable that holds its content.
    public var environment: String?
    /// The content itself, or the value of `environment` at the time of loading.
    public var content: String?
    /// Whether it is managed outside the project.
    public var external: Bool = false
    /// Metadata.
    public var labels: [String: String] = [:]
    /// The driver that renders the content as a template.
    public var templateDriver: String?
    /// Its `x-` extension fields.
    public var extensions: Extensions = [:]

    /// Creates a config without attributes.
    public init(name: String? = nil) {
        self.name = name
    }
}

extension ConfigDefinition {
    init(_ node: YAMLNode, _ path: AttributePath) throws(ComposeError) {
        let fields = try Fields(of: node, at: path)
        name = try fields.string("name")
        file = try fields.string("file")
        environment = try fields.string("environment")
        content = try fields.string("content")
        external = try fields.flag("external")
        labels = try fields.labels("labels")
        templateDriver = try fields.string("template_driver")
        extensions = fields.extensions
    }
}
