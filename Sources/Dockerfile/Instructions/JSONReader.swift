/// Parses the JSON array of an exec form; an element that is not a string becomes nil.
///
/// As strict as Go's encoding/json, since any other text is the shell form: Foundation's
/// JSONDecoder accepts a trailing comma, and rejects a lone surrogate, which Go replaces.
/// Source: RFC 8259.
struct JSONReader {
    private static let depthLimit = 64
    private var rest: ArraySlice<Unicode.Scalar>

    init(_ text: ArraySlice<Unicode.Scalar>) { rest = text }

    /// The elements; nil if the text is not exactly one JSON array.
    mutating func list() -> [String?]? {
        guard let elements = elements(depth: 0) else { return nil }
        skipBlanks()
        return rest.isEmpty ? elements : nil
    }

    private mutating func skipBlanks() {
        rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" }
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard rest.first == scalar else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func elements(depth: Int) -> [String?]? {
        guard depth < Self.depthLimit, take("[") else { return nil }
        if take("]") { return [] }
        var elements: [String?] = []
        repeat {
            skipBlanks()
            if rest.first == "\"" {
                guard let text = string() else { return nil }
                elements.append(text)
            } else {
                guard skipValue(depth: depth) else { return nil }
                elements.append(nil)
            }
        } while take(",")
        return take("]") ? elements : nil
    }

    /// Skips a number, a literal, an array or an object.
    private mutating func skipValue(depth: Int) -> Bool {
        switch rest.first {
        case "[": return elements(depth: depth + 1) != nil
        case "{": return skipObject(depth: depth + 1)
        default:
            let word = rest.prefix { scalar in
                scalar.isASCIILetter || scalar.isASCIIDigit || "+-.".unicodeScalars.contains(scalar)
            }
            rest = rest[word.endIndex...]
            let text = word.string
            return ["true", "false", "null"].contains(text) || isNumber(text)
        }
    }

    private func isNumber(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, first == "-" || first.isASCIIDigit else {
            return false
        }
        return Double(text) != nil
    }

    private mutating func skipObject(depth: Int) -> Bool {
        guard depth < Self.depthLimit, take("{") else { return false }
        if take("}") { return true }
        repeat {
            skipBlanks()
            guard string() != nil, take(":") else { return false }
            skipBlanks()
            if rest.first == "\"" {
                guard string() != nil else { return false }
            } else {
                guard skipValue(depth: depth) else { return false }
            }
        } while take(",")
        return take("}")
    }

    private mutating func string() -> String? {
        guard rest.popFirst() == "\"" else { return nil }
        var result: [Unicode.Scalar] = []
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"": return result.string
            case "\\":
                guard let escaped = escape() else { return nil }
                result.append(escaped)
            case _ where scalar.value < 0x20: return nil
            default: result.append(scalar)
            }
        }
        return nil
    }

    private mutating func escape() -> Unicode.Scalar? {
        switch rest.popFirst() {
        case "\"": "\""
        case "\\": "\\"
        case "/": "/"
        case "b": "\u{8}"
        case "f": "\u{C}"
        case "n": "\n"
        case "r": "\r"
        case "t": "\t"
        case "u": unicodeEscape()
        default: nil
        }
    }

    /// Four hexadecimal digits; a pair of surrogates is one scalar, a lone one U+FFFD.
    private mutating func unicodeEscape() -> Unicode.Scalar? {
        guard let unit = hexadecimal() else { return nil }
        if let scalar = Unicode.Scalar(unit) { return scalar }
        let before = rest
        guard unit < 0xDC00, rest.popFirst() == "\\", rest.popFirst() == "u",
            let second = hexadecimal(), (0xDC00..<0xE000).contains(second)
        else {
            rest = before
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00))
    }

    private mutating func hexadecimal() -> UInt32? {
        let digits = rest.prefix(4)
        guard digits.count == 4, digits.allSatisfy({ $0.properties.isASCIIHexDigit }) else {
            return nil
        }
        rest = rest.dropFirst(4)
        return UInt32(digits.string, radix: 16)
    }
}
