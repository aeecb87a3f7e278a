import YAML

/// A file that services may see and that is never printed.
///
/// Source: Compose Specification, secrets.
public struct SecretDefinition: Sendable, Equatable {
    /// Its name on the platform.
    public var name: String?
    /// The file it is read from.
    public var file: String?
    /// The variable it is taken from.
    public var environment: String?
    /// What `environment` held when the file was loaded; never printed.
    public var content: String?
    /// Whether the platform has it already.
    public var external: Bool = false
    /// Metadata.
    public var labels: [String: String] = [:]
    /// Who keeps it.
    public var driver: String?
    /// Options of the driver.
    public var driverOptions: [String: String] = [:]
    /// The driver that fills in the text.
    public var templateDriver: String?
    /// Its `x-` keys.
    public var extensions: Extensions = [:]

    /// Makes a secret about which nothing is said.
    public init(name: String? = nil) {
        self.name = name
    }
}

extension SecretDefinition {
    /// The key under which the loader leaves the value of `environment`.
    static let valueKey = "x-#value"

    init(_ node: YAMLNode, _ path: AttributePath) throws(ComposeError) {
        let fields = try Fields(of: node, at: path)
        name = try fields.string("name")
        file = try fields.string("file")
        environment = try fields.string("environment")
        content = try fields.string(SecretDefinition.valueKey)
        external = try fields.flag("external")
        labels = try fields.labels("labels")
        driver = try fields.string("driver")
        driverOptions = try fields.labels("driver_opts")
        templateDriver = try fields.string("template_driver")
        extensions = fields.extensions
        extensions[SecretDefinition.valueKey] = nil
    }
}
