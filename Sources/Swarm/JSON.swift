public import ComposeFile

extension Value {
    /// The value of a member; nil if this is not an object or has no such member.
    public subscript(key: String) -> Value? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    public var text: String? { if case .string(let text) = self { text } else { nil } }

    public var integer: Int? {
        switch self {
        case .integer(let value): Int(clamping: value)
        case .unsigned(let value): Int(clamping: value)
        default: nil
        }
    }

    public var elements: [Value] { if case .list(let elements) = self { elements } else { [] } }

    /// Sets a member, or appends it.
    mutating func set(_ key: String, _ value: Value) {
        guard case .object(var members) = self else { return }
        if let index = members.firstIndex(where: { $0.key == key }) {
            members[index].value = value
        } else {
            members.append(Value.Member(key, value))
        }
        self = .object(members)
    }

    /// The object without a member.
    func without(_ key: String) -> Value {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { $0.key != key })
    }

    /// The label with a name, of an object that has labels itself or in its specification.
    func label(_ name: String) -> String? {
        (self["Spec"]?["Labels"] ?? self["Labels"])?[name]?.text
    }
}
