import YAML

/// A config or secret shown as a file in a container or a build.
public struct FileReference: Sendable, Equatable {
    /// The key under `configs` or `secrets`.
    public var source: String
    /// The path in the container; nil is `/SOURCE` for a config.
    public var target: String?
    /// The owner.
    public var uid: String?
    /// The group.
    public var gid: String?
    /// Permission bits; nil is 0444.
    public var mode: Int64?
    /// Its `x-` keys.
    public var extensions: Extensions = [:]

    /// Makes a reference to `source`.
    public init(source: String) {
        self.source = source
    }
}

extension FileReference {
    init(_ fields: Fields) throws(ComposeError) {
        source = try fields.string("source") ?? ""
        target = try fields.string("target")
        uid = try fields.string("uid")
        gid = try fields.string("gid")
        if let text = fields["mode"]?.string {
            guard let octal = Int64(text, radix: 8) else {
                throw fields.invalid("mode", "mode", "use octal digits, as '0440'")
            }
            mode = octal
        } else {
            mode = try fields.number("mode")
        }
        extensions = fields.extensions
    }
}
