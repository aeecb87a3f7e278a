import YAML

/// The form in which `environment`, `labels` and similar attributes are merged.
enum KeyValueList {
    /// Returns a mapping as sorted `key=value` strings, a list as it is, a string as a list of one.
    static func entries(of node: YAMLNode) -> [YAMLNode] {
        switch node.content {
        case .sequence(let elements): elements
        case .string: [node]
        case .mapping(let mapping): sorted(mapping)
        default: []
        }
    }

    private static func sorted(_ mapping: Mapping) -> [YAMLNode] {
        mapping.flatMap { entry in texts(of: entry).map { ($0, entry.value.location) } }
            .sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
            .map { YAMLNode(.string($0.0), at: $0.1) }
    }

    private static func texts(of entry: Mapping.Entry) -> [String] {
        switch entry.value.content {
        case .null: [entry.key]
        case .sequence(let elements): elements.map { "\(entry.key)=\(text(of: $0))" }
        default: ["\(entry.key)=\(text(of: entry.value))"]
        }
    }

    /// Formats a value as Go does.
    private static func text(of node: YAMLNode) -> String {
        switch node.content {
        case .null: "<nil>"
        case .bool(let value): String(value)
        case .integer(let value): String(value)
        case .unsigned(let value): String(value)
        case .float(let value): GoNumber.text(value)
        case .string(let value): value
        case .timestamp(let value): YAMLTimestamp(value)?.goDescription ?? value
        case .sequence(let elements): "[\(elements.map(text).joined(separator: " "))]"
        case .mapping(let mapping):
            "map[\(mapping.map { "\($0.key):\(text(of: $0.value))" }.sorted().joined(separator: " "))]"
        }
    }
}
