import ComposeFile

/// A value of an output document, whose mappings keep their order and may have comments.
indirect enum Node: Sendable, Equatable {
    case text(String)
    case integer(Int)
    /// A number with a fraction, as written.
    case number(String)
    case flag(Bool)
    case list([Node])
    case object(Object)

    /// A list of strings.
    static func texts(_ texts: [String]) -> Node { .list(texts.map(Node.text)) }

    /// A mapping of strings, sorted by key.
    static func texts(_ texts: [String: String]) -> Node {
        let entries = texts.sorted { $0.key < $1.key }
        return .object(Object(entries.map { Object.Entry(key: $0.key, value: .text($0.value)) }))
    }

    /// The node, or nil if it is an empty list or mapping.
    var ifNotEmpty: Node? {
        switch self {
        case .list([]): nil
        case .object(let object) where object.entries.isEmpty: nil
        default: self
        }
    }
}

/// A mapping of an output document.
struct Object: Sendable, Equatable {
    /// A key with its value.
    struct Entry: Sendable, Equatable {
        var key: String
        var value: Node
        /// Lines written above the key.
        var comment: String?
    }

    private(set) var entries: [Entry]

    init(_ entries: [Entry] = []) {
        self.entries = entries
    }

    /// Appends a key; nil has no effect.
    mutating func set(_ key: String, _ value: Node?, comment: String? = nil) {
        guard let value else { return }
        entries.append(Entry(key: key, value: value, comment: comment))
    }

    mutating func set(_ key: String, _ text: String?, comment: String? = nil) {
        set(key, text.map(Node.text), comment: comment)
    }

    subscript(key: String) -> Node? { entries.first { $0.key == key }?.value }
}

extension Node: ExpressibleByStringLiteral {
    init(stringLiteral value: String) { self = .text(value) }
}

extension Node: ExpressibleByIntegerLiteral {
    init(integerLiteral value: Int) { self = .integer(value) }
}

extension Node: ExpressibleByBooleanLiteral {
    init(booleanLiteral value: Bool) { self = .flag(value) }
}

extension Node: ExpressibleByArrayLiteral {
    init(arrayLiteral elements: Node...) { self = .list(elements) }
}

extension Node: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral elements: (String, Node)...) {
        self = .object(Object(elements.map { Object.Entry(key: $0.0, value: $0.1) }))
    }
}
