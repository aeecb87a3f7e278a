/// What happens to a service while its sources are being edited.
///
/// Source: Compose Develop Specification.
public struct Develop: Sendable, Equatable {
    /// The rules, in order.
    public var watch: [WatchRule] = []
    /// Its `x-` keys.
    public var extensions: Extensions = [:]

    /// Makes a section without rules.
    public init() {}
}

extension Develop {
    init(_ fields: Fields) throws(ComposeError) {
        watch = try fields.list("watch", WatchRule.init)
        extensions = fields.extensions
    }
}
