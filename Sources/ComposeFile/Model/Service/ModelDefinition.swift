import YAML

/// An AI model used by services.
///
/// Source: Compose Specification, models.
public struct ModelDefinition: Sendable, Equatable {
    /// The display name.
    public var name: String?
    /// The OCI artifact, such as `ai/smollm2`.
    public var model: String
    /// The context size in tokens; 0 means the model's default.
    public var contextSize: Int = 0
    /// Flags of the inference engine.
    public var runtimeFlags: [String] = []
    /// Its `x-` extension fields.
    public var extensions: Extensions = [:]

    /// Creates a model without options.
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
