import YAML

/// A file that services may see, not a secret.
///
/// Source: Compose Specification, configs.
public struct ConfigDefinition: Sendable, Equatable {
    /// Its name on the platform.
    public var name: String?
    /// The file it is read from.
    public var file: String?
    /// The variable it is taken from.
    public var environment: String?
    /// The text itself; also what `environment` held when the file was loaded.
    public var content: String?
    /// Whether the platform has it already.
    public var external: Bool = false
    /// Metadata.
    public var labels: [String: String] = [:]
    /// The driver that fills in the text.
    public var templateDriver: String?
    /// Its `x-` keys.
    public var extensions: Extensions = [:]

    /// Makes a config about which nothing is said.
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
