import YAML

/// A config or secret mounted as a file in a container or build step.
public struct FileReference: Sendable, Equatable {
    /// The key under `configs` or `secrets`.
    public var source: String
    /// The path in the container; nil means `/SOURCE` for a config.
    public var target: String?
    /// The user that owns the file.
    public var uid: String?
    /// The group that owns the file.
    public var gid: String?
    /// Permission bits; nil means 0444.
    public var mode: Int64?
    /// Its `x-` extension fields.
    public var extensions: Extensions = [:]

    /// Creates a reference to `source`.
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
