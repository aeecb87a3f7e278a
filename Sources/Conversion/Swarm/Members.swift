import ComposeFile
import Notation

/// The members of a JSON object under construction; absent values are left out.
struct Members {
    private var members: [Value.Member] = []

    var value: Value { .object(members) }
    var isEmpty: Bool { members.isEmpty }

    mutating func set(_ key: String, _ value: Value?) {
        guard let value else { return }
        members.append(Value.Member(key, value))
    }

    mutating func text(_ key: String, _ text: String?) { set(key, text.map(Value.string)) }

    mutating func flag(_ key: String, _ node: Node?) {
        if case .flag(let value)? = node { set(key, .boolean(value)) }
    }

    mutating func number(_ key: String, _ node: Node?) {
        set(key, node?.integer.map { .integer(Int64($0)) })
    }

    /// Adds a duration in nanoseconds.
    mutating func duration(_ key: String, _ node: Node?) {
        let duration = node?.text.flatMap { GoDuration.duration(of: $0) }
        set(key, duration.map { .integer($0.nanoseconds) })
    }

    mutating func list(_ key: String, _ elements: [Value]) {
        if !elements.isEmpty { set(key, .list(elements)) }
    }

    mutating func texts(_ key: String, _ node: Node?) {
        list(key, (node?.list ?? []).compactMap(\.text).map(Value.string))
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}

extension Value {
    /// An object of strings, sorted by key.
    init(_ texts: [String: String]) {
        self = .object(
            texts.sorted { $0.key < $1.key }.map { Value.Member($0.key, .string($0.value)) }
        )
    }
}

extension Node {
    subscript(key: String) -> Node? {
        guard case .object(let object) = self else { return nil }
        return object[key]
    }

    var text: String? { if case .text(let text) = self { text } else { nil } }
    var integer: Int? { if case .integer(let value) = self { value } else { nil } }
    var list: [Node] { if case .list(let elements) = self { elements } else { [] } }

    /// The strings of a mapping.
    var texts: [String: String] {
        guard case .object(let object) = self else { return [:] }
        return Dictionary(
            object.entries.compactMap { entry in entry.value.text.map { (entry.key, $0) } }
        ) { $1 }
    }

    /// A mapping of strings as JSON.
    var map: ComposeFile.Value? { ComposeFile.Value(texts) }

    /// Whether the resource belongs to another owner.
    var isExternal: Bool { self["external"] == .flag(true) }
}

extension Node? {
    subscript(key: String) -> Node? { self?[key] }

    /// The keys and values of a mapping; none without one.
    var members: [(String, Node)] {
        guard case .object(let object)? = self else { return [] }
        return object.entries.map { ($0.key, $0.value) }
    }
}
