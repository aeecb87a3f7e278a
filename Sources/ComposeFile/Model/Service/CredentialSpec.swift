/// The credentials of a Windows group managed service account; without effect on Linux.
public struct CredentialSpec: Sendable, Equatable {
    /// The config that holds the credentials.
    public var config: String?
    /// The file that holds the credentials.
    public var file: String?
    /// The key in the Windows registry.
    public var registry: String?
    /// Its `x-` extension fields.
    public var extensions: Extensions = [:]

    /// Creates an empty section.
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
