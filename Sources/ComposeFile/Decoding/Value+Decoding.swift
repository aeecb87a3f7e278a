import YAML

extension Value {
    /// The value of a node.
    init(_ node: YAMLNode) {
        self =
            switch node.content {
            case .null: .null
            case .bool(let value): .boolean(value)
            case .integer(let value): .integer(Int64(value))
            case .unsigned(let value): .number(Double(value))
            case .float(let value): .number(value)
            case .string(let text), .timestamp(let text): .string(text)
            case .sequence(let nodes): .list(nodes.map { Value($0) })
            case .mapping(let mapping):
                .object(mapping.map { Member($0.key, Value($0.value)) })
            }
    }
}
