/// A resource that a cluster counts, such as 2 of the kind `SSD`.
public struct GenericResource: Sendable, Equatable {
    /// What is counted, and how many.
    public struct Discrete: Sendable, Equatable {
        /// What is counted.
        public var kind: String
        /// How many.
        public var value: Int64

        /// Makes a count.
        public init(kind: String, value: Int64) {
            self.kind = kind
            self.value = value
        }
    }

    /// The only form there is.
    public var discrete: Discrete?

    /// Makes a resource.
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
