/// Credentials of a Windows group managed service account; means nothing on Linux.
public struct CredentialSpec: Sendable, Equatable {
    /// A config.
    public var config: String?
    /// A file.
    public var file: String?
    /// A key of the registry.
    public var registry: String?
    /// Its `x-` keys.
    public var extensions: Extensions = [:]

    /// Makes a section that says nothing.
    public init() {}
}

extension CredentialSpec {
    init(_ fields: Fields) throws(ComposeError) {
        config = try fields.string("config")
        file = try fields.string("file")
        registry = try fields.string("registry")
        extensions = fields.extensions
    }
}
