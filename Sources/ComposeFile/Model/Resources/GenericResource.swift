/// A countable resource of a cluster node, such as 2 of the kind `SSD`.
public struct GenericResource: Sendable, Equatable {
    /// A kind of resource and its amount.
    public struct Discrete: Sendable, Equatable {
        /// The kind of resource.
        public var kind: String
        /// The amount.
        public var value: Int64

        /// Creates an amount of a kind.
        public init(kind: String, value: Int64) {
            self.kind = kind
            self.value = value
        }
    }

    /// The amount; the specification has no other form.
    public var discrete: Discrete?

    /// Creates a resource.
    public init(_ discrete: Discrete?) {
        self.discrete = discrete
    }
}

extension GenericResource {
    init(_ fields: Fields) throws(ComposeError) {
        guard let counted = try fields.section("discrete_resource_spec") else {
            self.init(nil)
            return
        }
        let kind = try counted.string("kind") ?? ""
        self.init(Discrete(kind: kind, value: try counted.number("value") ?? 0))
    }
}
