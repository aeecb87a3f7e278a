import YAML

/// A confidential file made available to services; its content is never printed.
///
/// Source: Compose Specification, secrets.
public struct SecretDefinition: Sendable, Equatable {
    /// Its name on the platform.
    public var name: String?
    /// The file that holds its content.
    public var file: String?
    /// The environment variable that holds its content.
    public var environment: String?
    /// The value of `environment` at the time of loading; never printed.
    public var content: String?
    /// Whether it is managed outside the project.
    public var external: Bool = false
    /// Metadata.
    public var labels: [String: String] = [:]
    /// The driver that stores it.
    public var driver: String?
    /// Options of the driver.
    public var driverOptions: [String: String] = [:]
    /// The driver that renders the content as a template.
    public var templateDriver: String?
    /// Its `x-` extension fields.
    public var extensions: Extensions = [:]

    /// Creates a secret without attributes.
    public init(name: String? = nil) {
        self.name = name
    }
}

extension SecretDefinition {
    /// The key under which the loader stores the value of `environment`.
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
