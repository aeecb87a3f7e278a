import YAML

/// A parser of env files in the dotenv format.
///
/// Source: Compose Specification, `env_file`; the grammar is that of docker compose.
public struct Dotenv {
    /// Variables available to values in addition to those of the file.
    private let lookup: (String) -> String?
    private var variables: [String: String]
    private var warnings: [ComposeWarning] = []
    private var text: DotenvText

    /// Parses a file and adds its variables to `variables`, which its values may reference.
    public static func parse(
        _ bytes: [UInt8],
        file: String,
        into variables: inout [String: String],
        warnings: inout [ComposeWarning],
        lookup: @escaping (String) -> String?
    ) throws(ComposeErrors) {
        var dotenv = Dotenv(bytes, file: file, variables, lookup)
        // Variables read before an error are discarded: an error aborts loading.
        try dotenv.read()
        variables = dotenv.variables
        warnings += dotenv.warnings
    }

    private init(
        _ bytes: [UInt8],
        file: String,
        _ variables: [String: String],
        _ lookup: @escaping (String) -> String?
    ) {
        text = DotenvText(bytes, file: file)
        self.variables = variables
        self.lookup = lookup
    }

    private mutating func read() throws(ComposeErrors) {
        while text.skipToStatement() {
            let location = text.location
            let (key, ending) = try text.key()
            guard !key.contains(" ") else { throw text.error(.keyWithSpace(key), at: location) }
            switch ending {
            case .inherited:
                if let value = lookup(key) { variables[key] = value }
            case .value:
                variables[key] = try value(of: key, at: location)
            }
        }
    }

    private mutating func value(
        of key: String,
        at location: SourceLocation
    )
        throws(ComposeErrors) -> String
    {
        guard let quote = text.quote else {
            return try expanded(text.unquotedValue(), key, location)
        }
        let value = try text.quotedValue(quote)
        guard quote == "\"" else { return value }
        return try expanded(DotenvEscapes.expand(value), key, location)
    }

    private mutating func expanded(
        _ value: String,
        _ key: String,
        _ location: SourceLocation
    )
        throws(ComposeErrors) -> String
    {
        let (lookup, variables) = (lookup, variables)
        var template = Template { lookup($0) ?? variables[$0] }
        defer {
            warnings += template.unset.map { .unset($0, at: location) }
        }
        do {
            return try template.substitute(value)
        } catch {
            throw text.error(.template(error, key: key), at: location)
        }
    }
}
