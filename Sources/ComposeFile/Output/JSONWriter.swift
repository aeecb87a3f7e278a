/// Writes a value as JSON, escaped as Go escapes it.
struct JSONWriter {
    private var output: [UInt8] = []
    private let indented: Bool

    private init(indented: Bool) {
        self.indented = indented
    }

    /// The bytes of a value; with two blanks for each level if `indented`.
    static func bytes(of value: Value, indented: Bool) -> [UInt8] {
        var writer = JSONWriter(indented: indented)
        writer.write(value, depth: 0)
        return writer.output
    }

    private mutating func write(_ value: Value, depth: Int) {
        switch value {
        case .null: output += "null".utf8
        case .boolean(let value): output += (value ? "true" : "false").utf8
        case .integer(let value): output += String(value).utf8
        case .number(let value): output += GoNumber.json(value).utf8
        case .single(let value): output += GoNumber.json(value).utf8
        case .string(let text): write(text)
        case .list(let elements):
            group("[", "]", elements, depth) { writer, element in
                writer.write(element, depth: depth + 1)
            }
        case .object(let members):
            group("{", "}", members, depth) { writer, member in
                writer.write(member.key)
                writer.output += (writer.indented ? ": " : ":").utf8
                writer.write(member.value, depth: depth + 1)
            }
        }
    }

    private mutating func group<Element>(
        _ open: String,
        _ close: String,
        _ elements: [Element],
        _ depth: Int,
        _ write: (inout JSONWriter, Element) -> Void
    ) {
        output += open.utf8
        for (index, element) in elements.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            breakLine(depth + 1)
            write(&self, element)
        }
        if !elements.isEmpty { breakLine(depth) }
        output += close.utf8
    }

    private mutating func breakLine(_ depth: Int) {
        guard indented else { return }
        output.append(UInt8(ascii: "\n"))
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }

    private mutating func write(_ text: String) {
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): output += "\\n".utf8
            case UInt8(ascii: "\r"): output += "\\r".utf8
            case UInt8(ascii: "\t"): output += "\\t".utf8
            case 8: output += "\\b".utf8
            case 12: output += "\\f".utf8
            case ..<32, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"):
                output += "\\u00".utf8
                output += [byte >> 4, byte & 15].map { Array("0123456789abcdef".utf8)[Int($0)] }
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}
