/// The resolution of scalars to null, booleans, numbers, dates or strings.
///
/// Source: YAML 1.2 core schema, with the integers (`010`, `1_000`, `0b1`) and dates of YAML 1.1,
/// as docker compose reads them.
enum ScalarResolution {
    /// Resolves a scalar; nil if its text does not match its tag.
    static func content(_ scalar: YAMLEvent.Scalar) -> YAMLNode.Content? {
        let text = scalar.text
        switch scalar.properties.tag {
        case nil:
            return scalar.isPlain ? plain(text) : .string(text)
        case "!!bool":
            guard case .bool(let value) = plain(text) else { return nil }
            return .bool(value)
        case "!!null":
            guard case .null = plain(text) else { return nil }
            return .null
        case "!!int":
            return integer(text)
        case "!!float":
            return float(plain(text, dates: false))
        case "!!timestamp":
            return YAMLTimestamp(text) != nil ? .timestamp(text) : nil
        case "!!binary":
            return Base64.decode(text).map { .string(String(decoding: $0, as: UTF8.self)) }
        default:
            return .string(text)
        }
    }

    /// Resolves a plain scalar.
    static func plain(_ text: String, dates: Bool = true) -> YAMLNode.Content {
        guard let first = text.utf8.first else { return .null }
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"):
            if let value = word(text) { return value }
            if dates && YAMLTimestamp(text) != nil { return .timestamp(text) }
            return number(text) ?? .string(text)
        case UInt8(ascii: "."):
            if let value = word(text) { return value }
            return decimal(text) ?? .string(text)
        default:
            return word(text) ?? .string(text)
        }
    }

    private static func word(_ text: String) -> YAMLNode.Content? {
        guard text.utf8.count <= 5 else { return nil }
        switch text {
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        case "~", "null", "Null", "NULL": return .null
        case ".nan", ".NaN", ".NAN": return .float(.nan)
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .float(.infinity)
        case "-.inf", "-.Inf", "-.INF": return .float(-.infinity)
        default: return nil
        }
    }

    private static func integer(_ text: String) -> YAMLNode.Content? {
        switch plain(text, dates: false) {
        case .integer(let value): .integer(value)
        case .unsigned(let value): .unsigned(value)
        default: nil
        }
    }

    private static func float(_ content: YAMLNode.Content) -> YAMLNode.Content? {
        switch content {
        case .float(let value): .float(value)
        case .integer(let value): .float(Double(value))
        default: nil
        }
    }

    private static func number(_ text: String) -> YAMLNode.Content? {
        let digits = text.utf8.contains(UInt8(ascii: "_")) ? text.filter { $0 != "_" } : text
        return whole(digits) ?? decimal(digits)
    }

    /// Parses an integer in base 10 or the base of its prefix.
    private static func whole(_ text: String) -> YAMLNode.Content? {
        var rest = Substring(text)
        var sign = ""
        if let first = rest.first, first == "-" || first == "+" {
            sign = first == "-" ? "-" : ""
            rest = rest.dropFirst()
        }
        let isSigned = rest.startIndex != text.startIndex
        let radix = removeBase(from: &rest)
        guard rest.utf8.first.map({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) ?? false
        else { return nil }
        if let value = Int(sign + rest, radix: radix) { return .integer(value) }
        guard !isSigned, let value = UInt64(rest, radix: radix) else { return nil }
        return .unsigned(value)
    }

    private static func removeBase(from digits: inout Substring) -> Int {
        let bases = ["0x": 16, "0X": 16, "0b": 2, "0B": 2, "0o": 8, "0O": 8]
        if let base = bases[String(digits.prefix(2))] {
            digits = digits.dropFirst(2)
            return base
        }
        return digits.count > 1 && digits.first == "0" ? 8 : 10
    }

    /// Parses a number with a point or an exponent; nil if it is invalid or infinite.
    private static func decimal(_ text: String) -> YAMLNode.Content? {
        var bytes = text.utf8[...]
        if let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            bytes.removeFirst()
        }
        let before = removeDigits(from: &bytes)
        var after = 0
        if bytes.first == UInt8(ascii: ".") {
            bytes.removeFirst()
            after = removeDigits(from: &bytes)
        }
        guard before > 0 || after > 0, removeExponent(from: &bytes), bytes.isEmpty else {
            return nil
        }
        guard let value = Double(text), value.isFinite else { return nil }
        return .float(value)
    }

    /// Removes an exponent; returns false if it is malformed.
    private static func removeExponent(from bytes: inout Substring.UTF8View) -> Bool {
        guard let first = bytes.first, first | 0x20 == UInt8(ascii: "e") else { return true }
        bytes.removeFirst()
        if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            bytes.removeFirst()
        }
        return removeDigits(from: &bytes) > 0
    }

    private static func removeDigits(from bytes: inout Substring.UTF8View) -> Int {
        let digits = bytes.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        bytes = bytes[digits.endIndex...]
        return digits.count
    }
}
