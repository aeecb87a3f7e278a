/// The notation of scalars in YAML.
public enum YAMLScalar {
    /// Formats a scalar, or an empty mapping or list.
    static func inline(_ value: Value) -> String {
        switch value {
        case .null: "null"
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .unsigned(let value): String(value)
        case .number(let value): number(value)
        case .timestamp(let text): text
        case .single(let value): GoNumber.json(value)
        case .string(let text): YAMLScalar.text(text)
        case .list: "[]"
        case .object: "{}"
        }
    }

    /// Formats a number; infinity and NaN have words of their own.
    private static func number(_ value: Double) -> String {
        if value.isNaN { return ".nan" }
        return value.isInfinite ? (value < 0 ? "-.inf" : ".inf") : GoNumber.text(value)
    }

    /// Formats a string, quoted if it would otherwise be read as another value.
    public static func text(_ text: String) -> String {
        isPlain(text) ? text : quoted(text)
    }

    /// Whether a string is written as a literal block.
    public static func isBlock(_ text: String) -> Bool {
        guard text.contains("\n"), let first = text.unicodeScalars.first, first != " ",
            first != "\n", first != "\t"
        else { return false }
        return text.unicodeScalars.allSatisfy { $0 == "\n" || $0 == "\t" || isPrintable($0) }
            && !text.split(separator: "\n").contains { $0.hasSuffix(" ") || $0.hasSuffix("\t") }
    }

    /// Formats a string as a literal block with its header.
    public static func block(_ text: String, indent: Int) -> String {
        let trailing = text.reversed().prefix { $0 == "\n" }.count
        let header = trailing == 0 ? "|-" : trailing == 1 ? "|" : "|+"
        let margin = String(repeating: " ", count: indent)
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if trailing > 0 { lines.removeLast() }
        return header + "\n" + lines.map { $0.isEmpty ? "\n" : "\(margin)\($0)\n" }.joined()
    }

    private static let words: Set<String> = [
        "null", "true", "false", "yes", "no", "on", "off", "y", "n", "~", ".nan", ".inf",
    ]

    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last,
            text.unicodeScalars.allSatisfy(isPrintable), !words.contains(text.lowercased()),
            first != " ", last != " ", last != ":", !text.contains(": "), !text.contains(" #")
        else { return false }
        let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_/$("
        if letters.unicodeScalars.contains(first) { return true }
        guard "0123456789.+;^".unicodeScalars.contains(first) else { return false }
        return text.unicodeScalars.contains {
            !"0123456789abcdefABCDEFxXoO_.:+-tTzZ ".contains(Character($0))
        }
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7e, 0xa0...0x2027, 0x202a...0xd7ff, 0xe000...0xfefe, 0xff00...0xfffd,
            0x10000...:
            true
        default: false
        }
    }

    private static func quoted(_ text: String) -> String {
        var output = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\t": output += "\\t"
            case "\r": output += "\\r"
            case _ where isPrintable(scalar): output.unicodeScalars.append(scalar)
            default: output += escape(scalar)
            }
        }
        return output + "\""
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        let width = scalar.value < 0x100 ? 2 : scalar.value < 0x10000 ? 4 : 8
        let letter = width == 2 ? "x" : width == 4 ? "u" : "U"
        return "\\" + letter + String(repeating: "0", count: width - digits.count) + digits
    }
}
