import YAML

/// An AI model that services use.
///
/// Source: Compose Specification, models.
public struct ModelDefinition: Sendable, Equatable {
    /// The name shown.
    public var name: String?
    /// The artifact, as `ai/smollm2`.
    public var model: String
    /// How many tokens it looks back.
    public var contextSize: Int = 0
    /// Flags for the inference engine.
    public var runtimeFlags: [String] = []
    /// Its `x-` keys.
    public var extensions: Extensions = [:]

    /// Makes a model without options.
    public init(model: String) {
        self.model = model
    }
}

extension ModelDefinition {
    init(_ node: YAMLNode, _ path: AttributePath) throws(ComposeError) {
        let fields = try Fields(of: node, at: path)
        name = try fields.string("name")
        model = try fields.required("model")
        contextSize = try fields.integer("context_size") ?? 0
        runtimeFlags = try fields.strings("runtime_flags")
        extensions = fields.extensions
    }
}
