import YAML

/// An outside program that carries a service out.
public struct Provider: Sendable, Equatable {
    /// The program's name.
    public var type: String
    /// Values of its flags, by flag.
    public var options: [String: [String]] = [:]
    /// Its `x-` keys.
    public var extensions: Extensions = [:]

    /// Makes a provider without options.
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
