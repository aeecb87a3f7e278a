/// A file of variables.
public struct EnvFile: Sendable, Equatable {
    /// The file.
    public var path: String
    /// Whether its absence is an error.
    public var required: Bool = true
    /// `raw` takes lines as they are; nil is dotenv.
    public var format: String?

    /// Makes a file that must be there.
    public init(path: String) {
        self.path = path
    }
}

extension EnvFile {
    init(_ fields: Fields) throws(ComposeError) {
        path = try fields.required("path")
        required = try fields.boolean("required") ?? true
        format = try fields.string("format")
    }
}
