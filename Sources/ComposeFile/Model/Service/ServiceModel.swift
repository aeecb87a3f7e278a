import YAML

/// How a service learns of an AI model.
public struct ServiceModel: Sendable, Equatable {
    /// The variable that gets the model's URL.
    public var endpointVariable: String?
    /// The variable that gets the model's name.
    public var modelVariable: String?
    /// Its `x-` keys.
    public var extensions: Extensions = [:]
    /// Whether the file gave the model options at all, if only an empty mapping.
    public var isExplicit: Bool = false

    /// Makes a reference without options.
    public init() {}
}

extension ServiceModel {
    init(_ node: YAMLNode, _ path: AttributePath) throws(ComposeError) {
        guard !node.isNull else { return }
        let fields = try Fields(of: node, at: path)
        isExplicit = true
        endpointVariable = try fields.string("endpoint_var")
        modelVariable = try fields.string("model_var")
        extensions = fields.extensions
    }
}
