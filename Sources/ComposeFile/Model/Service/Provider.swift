import YAML

/// An external program that manages a service.
public struct Provider: Sendable, Equatable {
    /// The name of the program.
    public var type: String
    /// Values of its options, by option.
    public var options: [String: [String]] = [:]
    /// Its `x-` extension fields.
    public var extensions: Extensions = [:]

    /// Creates a provider without options.
    public init(type: String) {
        self.type = type
    }
}

extension Provider {
    init(_ fields: Fields) throws(ComposeError) {
        type = try fields.required("type")
        options = try fields.named("options") { node, _ throws(ComposeError) in
            node.sequence?.compactMap(\.plainText) ?? [node.plainText ?? ""]
        }
        extensions = fields.extensions
    }
}
