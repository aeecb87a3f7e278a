/// Writes values as YAML.
struct YAMLWriter {
    private var output = ""

    private init() {}

    /// Returns a value as YAML, with a final newline.
    static func text(of value: Value) -> String {
        var writer = YAMLWriter()
        writer.writeBlock(value, indent: 0, isDocument: true)
        return writer.output
    }

    /// Writes a value after a key or a dash, including its following lines.
    private mutating func writeBlock(_ value: Value, indent: Int, isDocument: Bool = false) {
        switch value {
        case .object(let members) where !members.isEmpty:
            if !isDocument { output += "\n" }
            writeMembers(members, indent: indent)
        case .list(let elements) where !elements.isEmpty:
            if !isDocument { output += "\n" }
            for element in elements {
                output += String(repeating: " ", count: indent) + "-"
                writeElement(element, indent: indent + 2)
            }
        case .string(let text) where YAMLScalar.isBlock(text):
            output += " " + YAMLScalar.block(text, indent: indent)
        default:
            output += (isDocument ? "" : " ") + YAMLScalar.inline(value) + "\n"
        }
    }

    private mutating func writeMembers(
        _ members: [Value.Member],
        indent: Int,
        startsOnLine: Bool = false
    ) {
        for (index, member) in members.enumerated() {
            if index > 0 || !startsOnLine { output += String(repeating: " ", count: indent) }
            output += YAMLScalar.text(member.key) + ":"
            writeBlock(member.value, indent: indent + 2)
        }
    }

    /// Writes an element after its dash; a mapping starts on the same line.
    private mutating func writeElement(_ element: Value, indent: Int) {
        if case .object(let members) = element, !members.isEmpty {
            output += " "
            writeMembers(members, indent: indent, startsOnLine: true)
        } else {
            writeBlock(element, indent: indent)
        }
    }
}

extension Value {
    /// The value as YAML, with a final newline.
    public var yaml: String {
        YAMLWriter.text(of: self)
    }
}
