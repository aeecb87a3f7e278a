/// The logging configuration of a service's containers.
public struct Logging: Sendable, Equatable {
    /// `json-file`, `local`, `none`, `syslog`, …; nil means the platform's default.
    public var driver: String?
    /// Options of the driver.
    public var options: [String: String] = [:]
    /// Its `x-` extension fields.
    public var extensions: Extensions = [:]

    /// Creates an empty section.
    public init() {}
}

extension Logging {
    init(_ fields: Fields) throws(ComposeError) {
        driver = try fields.string("driver")
        options = try fields.labels("options")
        extensions = fields.extensions
    }
}
