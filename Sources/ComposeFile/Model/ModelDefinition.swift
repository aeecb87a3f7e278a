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
