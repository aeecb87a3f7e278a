import YAML

/// A set of kinds of YAML values.
struct Kinds: OptionSet, Sendable {
    var rawValue: UInt8

    static let null = Kinds(rawValue: 1)
    static let boolean = Kinds(rawValue: 2)
    static let integer = Kinds(rawValue: 4)
    static let float = Kinds(rawValue: 8)
    static let string = Kinds(rawValue: 16)
    static let list = Kinds(rawValue: 32)
    static let mapping = Kinds(rawValue: 64)
    static let date = Kinds(rawValue: 128)
}

extension Kinds {
    /// The kinds of a value; a float without a fraction is an integer as well.
    init(of node: YAMLNode) {
        self =
            switch node.content {
            case .null: .null
            case .bool: .boolean
            case .integer, .unsigned: .integer
            case .float(let value): value.rounded() == value ? [.integer, .float] : .float
            case .string: .string
            case .timestamp: .date
            case .sequence: .list
            case .mapping: .mapping
            }
    }

    private static let words: [(kind: Kinds, word: String)] = [
        (.string, "a string"), (.boolean, "true or false"), (.list, "a list"),
        (.mapping, "a mapping"), (.null, "null"),
    ]

    /// The kinds as listed in messages.
    ///
    /// Booleans are accepted as strings as well, which need not be mentioned.
    var description: String {
        let isBoolean = contains(.boolean) && isDisjoint(with: [.integer, .float])
        let listed = isBoolean ? subtracting(.string) : self
        var words = Kinds.words.filter { listed.contains($0.kind) }.map(\.word)
        if contains(.float) {
            words.append("a number")
        } else if contains(.integer) {
            words.append("an integer")
        }
        guard words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " or " + words[words.count - 1]
    }
}

extension Shape {
    /// The kinds of values that can have this shape.
    var kinds: Kinds {
        switch self {
        case .anything: Kinds(rawValue: 255)
        case .scalar(let kinds): kinds
        case .words, .text: .string
        case .integer: .integer
        case .list: .list
        case .keys, .names: .mapping
        case .either(let shapes): shapes.reduce(into: []) { $0.formUnion($1.kinds) }
        }
    }
}
