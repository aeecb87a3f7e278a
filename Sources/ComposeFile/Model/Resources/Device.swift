/// A device node of the host, shown in the container.
public struct Device: Sendable, Equatable {
    /// The node on the host, or a CDI name.
    public var source: String
    /// The node in the container; nil is the same.
    public var target: String?
    /// Of `r`, `w` and `m`; nil is all of them.
    public var permissions: String?
    /// Its `x-` keys.
    public var extensions: Extensions = [:]

    /// Makes a device that is called the same inside.
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
