/// A device node of the host made available in the container.
public struct Device: Sendable, Equatable {
    /// The node on the host, or a CDI name.
    public var source: String
    /// The node in the container; nil means the same path.
    public var target: String?
    /// A combination of `r`, `w` and `m`; nil means all of them.
    public var permissions: String?
    /// Its `x-` extension fields.
    public var extensions: Extensions = [:]

    /// Creates a device with the same path in the container.
    public init(source: String) {
        self.source = source
    }
}

extension Device {
    init(_ fields: Fields) throws(ComposeError) {
        source = try fields.string("source") ?? ""
        target = try fields.string("target")
        permissions = try fields.string("permissions")
        extensions = fields.extensions
    }
}
