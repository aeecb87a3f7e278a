/// The allowed form of a value in a Compose file.
indirect enum Shape: Sendable {
    /// Any value.
    case anything
    /// Any value of these kinds.
    case scalar(Kinds)
    /// One of these strings.
    case words([String])
    /// A string accepted by a predicate, which the second value describes.
    case text(@Sendable (String) -> Bool, String)
    /// An integer within bounds.
    case integer(ClosedRange<Int>)
    /// A list, without repeated elements if `unique`.
    case list(Shape, unique: Bool)
    /// A mapping with fixed keys.
    case keys(Keys)
    /// A mapping with arbitrary keys.
    case names(Shape, Names)
    /// The first of these shapes that matches the value's kind.
    case either([Shape])

    /// The fixed keys of a mapping.
    struct Keys: Sendable {
        /// The shape of each key's value.
        var known: [String: Shape]
        /// The required keys.
        var required: [String] = []
        /// Whether `x-` extension fields are allowed.
        var extensible = true
        /// Whether any other key is allowed.
        var open = false
    }

    /// The allowed arbitrary keys of a mapping.
    enum Names: Sendable {
        /// Letters, digits, `.`, `_` and `-`.
        case resource
        /// As `resource`, but other keys are ignored.
        case lenientResource
        /// Lower-case letters; other keys are ignored.
        case lenientWord
        /// Any key but an empty one.
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
