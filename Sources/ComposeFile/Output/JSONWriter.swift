/// Writes values as JSON with Go's escaping.
struct JSONWriter {
    private var output: [UInt8] = []
    private let indented: Bool

    private init(indented: Bool) {
        self.indented = indented
    }

    /// Returns a value as JSON, with two spaces per level if `indented`.
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
        case .unsigned(let value): output += String(value).utf8
        case .number(let value): output += (value.isFinite ? GoNumber.json(value) : "null").utf8
        case .single(let value): output += GoNumber.json(value).utf8
        case .string(let text), .timestamp(let text): write(text)
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
        let start = output.count
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): output += "\\n".utf8
            case UInt8(ascii: "\r"): output += "\\r".utf8
            case UInt8(ascii: "\t"): output += "\\t".utf8
            case 8: output += "\\b".utf8
            case 12: output += "\\f".utf8
            case ..<32, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"): writeCode(byte)
            case 0xA8, 0xA9: writeSeparator(byte, after: start)
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    private mutating func writeCode(_ byte: UInt8) {
        output += "\\u00".utf8
        output += [byte >> 4, byte & 15].map { $0 < 10 ? 48 + $0 : 87 + $0 }
    }

    /// Writes the last byte of a character, escaping U+2028 and U+2029, line breaks in JavaScript.
    private mutating func writeSeparator(_ last: UInt8, after start: Int) {
        guard output[start...].suffix(2).elementsEqual([0xE2, 0x80]) else {
            output.append(last)
            return
        }
        output.removeLast(2)
        output += (last == 0xA8 ? "\\u2028" : "\\u2029").utf8
    }
}

extension Value {
    /// The value as JSON indented by two spaces, without a final newline.
    public var json: String {
        String(decoding: JSONWriter.bytes(of: self, indented: true), as: UTF8.self)
    }
}
