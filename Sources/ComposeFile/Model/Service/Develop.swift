/// The reaction to changes of a service's sources during development.
///
/// Source: Compose Develop Specification.
public struct Develop: Sendable, Equatable {
    /// The watch rules, in order.
    public var watch: [WatchRule] = []
    /// Its `x-` extension fields.
    public var extensions: Extensions = [:]

    /// Creates a section without rules.
    public init() {}
}

extension Develop {
    init(_ fields: Fields) throws(ComposeError) {
        watch = try fields.list("watch", WatchRule.init)
        extensions = fields.extensions
    }
}
