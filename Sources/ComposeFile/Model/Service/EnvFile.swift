/// A file of environment variables.
public struct EnvFile: Sendable, Equatable {
    /// The path of the file.
    public var path: String
    /// Whether a missing file is an error.
    public var required: Bool = true
    /// `raw` for lines taken literally; nil for the dotenv format.
    public var format: String?

    /// Creates a reference to a required file.
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
