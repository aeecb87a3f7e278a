import ComposeFile

/// Writes documents as YAML with comments.
struct DocumentWriter {
    private var output = ""

    /// Returns documents as one file, each with a final newline, separated by `---`.
    static func text(of documents: [Node]) -> String {
        documents.map { document in
            var writer = DocumentWriter()
            writer.write(document, indent: 0, after: .nothing)
            return writer.output
        }.joined(separator: "---\n")
    }

    /// What precedes a value on its line.
    private enum Lead { case nothing, key, dash }

    private mutating func write(_ node: Node, indent: Int, after lead: Lead) {
        switch node {
        case .object(let object) where !object.entries.isEmpty:
            if lead == .key { output += "\n" }
            write(object, indent: indent, startsOnLine: lead == .dash)
        case .list(let elements) where !elements.isEmpty:
            if lead != .nothing { output += "\n" }
            // As kubectl prints it, a list starts in the column of its key.
            let column = lead == .key ? indent - 2 : indent
            for element in elements {
                output += margin(column) + "-"
                write(element, indent: column + 2, after: .dash)
            }
        case .text(let text) where YAMLScalar.isBlock(text):
            output += " " + YAMLScalar.block(text, indent: indent)
        default:
            output += (lead == .nothing ? "" : " ") + inline(node) + "\n"
        }
    }

    private mutating func write(_ object: Object, indent: Int, startsOnLine: Bool) {
        var startsOnLine = startsOnLine
        for entry in object.entries {
            for line in entry.comment?.split(separator: "\n") ?? [] {
                output += (startsOnLine ? " " : margin(indent)) + "# \(line)\n"
                startsOnLine = false
            }
            output += startsOnLine ? " " : margin(indent)
            startsOnLine = false
            output += YAMLScalar.text(entry.key) + ":"
            write(entry.value, indent: indent + 2, after: .key)
        }
    }

    private func inline(_ node: Node) -> String {
        switch node {
        case .text(let text): YAMLScalar.text(text)
        case .integer(let value): String(value)
        case .number(let digits): digits
        case .flag(let value): value ? "true" : "false"
        case .list: "[]"
        case .object: "{}"
        }
    }

    private func margin(_ indent: Int) -> String { String(repeating: " ", count: indent) }
}
