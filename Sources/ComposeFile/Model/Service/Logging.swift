/// Where the output of a service's containers goes.
public struct Logging: Sendable, Equatable {
    /// `json-file`, `local`, `none`, `syslog`, …; nil is the platform's.
    public var driver: String?
    /// Options of the driver.
    public var options: [String: String] = [:]
    /// Its `x-` keys.
    public var extensions: Extensions = [:]

    /// Makes a section that says nothing.
    public init() {}
}

extension Logging {
    init(_ fields: Fields) throws(ComposeError) {
        driver = try fields.string("driver")
        options = try fields.labels("options")
        extensions = fields.extensions
    }
}
