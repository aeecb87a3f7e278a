/// What a value in a Compose file may look like: one piece of the schema.
indirect enum Shape: Sendable {
    /// Whatever there is.
    case anything
    /// One of these kinds, without any further demand.
    case scalar(Kinds)
    /// One of these words.
    case words([String])
    /// A text that a test accepts; the second text tells what it wants.
    case text(@Sendable (String) -> Bool, String)
    /// A whole number within bounds.
    case integer(ClosedRange<Int>)
    /// A list, in which nothing may occur twice if `unique`.
    case list(Shape, unique: Bool)
    /// A mapping whose keys are given.
    case keys(Keys)
    /// A mapping whose keys the author chooses.
    case names(Shape, Names)
    /// The first of these that is of the value's kind.
    case either([Shape])

    /// The keys of a mapping.
    struct Keys: Sendable {
        /// What stands under each key.
        var known: [String: Shape]
        /// The keys that must be there.
        var required: [String] = []
        /// Whether `x-` keys may stand beside them.
        var extensible = true
        /// Whether any key may stand beside them.
        var open = false
    }

    /// What the author may choose as keys.
    enum Names: Sendable {
        /// Letters, digits, `.`, `_` and `-`.
        case resource
        /// Those of `resource` are looked at; others pass unseen.
        case lenientResource
        /// Lower-case letters are looked at; others pass unseen.
        case lenientWord
        /// All but nothing.
        case any
    }
}

extension Shape {
    static let string = Shape.scalar(.string)
    static let boolean = Shape.scalar([.boolean, .string])
    static let strictBoolean = Shape.scalar(.boolean)
    static let whole = Shape.scalar([.integer, .string])
    static let number = Shape.scalar([.integer, .float, .string])
    static let strictNumber = Shape.scalar([.integer, .float])
    static let strings = Shape.list(.string, unique: false)
    static let uniqueStrings = Shape.list(.string, unique: true)
    static let stringOrStrings = Shape.either([.string, .uniqueStrings])
    static let command = Shape.either([.scalar(.null), .string, .strings])
    static let variables = Shape.either([
        .names(.scalar([.string, .integer, .float, .boolean, .null]), .any), .uniqueStrings,
    ])
    static let options = Shape.names(.scalar([.string, .integer, .float]), .any)

    static func keys(
        _ known: [String: Shape],
        required: [String] = [],
        extensible: Bool = true,
        open: Bool = false
    ) -> Shape {
        .keys(Keys(known: known, required: required, extensible: extensible, open: open))
    }
}
