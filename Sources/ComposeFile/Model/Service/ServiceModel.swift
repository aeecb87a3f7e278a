import YAML

/// The use of an AI model by a service.
public struct ServiceModel: Sendable, Equatable {
    /// The environment variable that receives the model's URL.
    public var endpointVariable: String?
    /// The environment variable that receives the model's name.
    public var modelVariable: String?
    /// Its `x-` extension fields.
    public var extensions: Extensions = [:]
    /// Whether the Compose file has a mapping here, even if it is empty.
    public var isExplicit: Bool = false

    /// Creates a reference without options.
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
