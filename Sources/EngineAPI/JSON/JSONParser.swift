/// Text that is not JSON.
public struct JSONSyntaxError: Error, Equatable, CustomStringConvertible {
    /// The position in bytes.
    public var offset: Int

    public var description: String { "invalid JSON at offset \(offset)" }
}

/// Parses JSON text from untrusted clients. Source: RFC 8259.
struct JSONParser {
    /// The nesting beyond which a document is refused, so that none exhausts the stack.
    private static let depthLimit = 128

    private let bytes: [UInt8]
    private var place = 0
    private var depth = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Parses a whole document.
    static func parse(_ bytes: [UInt8]) throws(JSONSyntaxError) -> JSON {
        var parser = JSONParser(bytes)
        let value = try parser.value()
        parser.skipSpace()
        guard parser.place == bytes.count else { throw parser.fault }
        return value
    }

    private var fault: JSONSyntaxError { JSONSyntaxError(offset: place) }
    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { place += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        place += 1
        return true
    }

    private mutating func value() throws(JSONSyntaxError) -> JSON {
        skipSpace()
        switch next {
        case UInt8(ascii: "{"):
            return try nested { parser throws(JSONSyntaxError) in
                try parser.object()
            }
        case UInt8(ascii: "["):
            return try nested { parser throws(JSONSyntaxError) in
                try parser.array()
            }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(JSONSyntaxError) -> JSON
    ) throws(JSONSyntaxError) -> JSON {
        guard depth < Self.depthLimit else { throw fault }
        depth += 1
        place += 1
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(JSONSyntaxError) -> JSON {
        var members: [String: JSON] = [:]
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw fault }
            let key = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw fault }
            members[key] = try value()
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw fault }
        }
    }

    private mutating func array() throws(JSONSyntaxError) -> JSON {
        var elements: [JSON] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            elements.append(try value())
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            guard take(UInt8(ascii: ",")) else { throw fault }
        }
    }

    private mutating func word(_ text: String, _ value: JSON) throws(JSONSyntaxError) -> JSON {
        guard bytes[place...].starts(with: text.utf8) else { throw fault }
        place += text.utf8.count
        return value
    }

    private mutating func number() throws(JSONSyntaxError) -> JSON {
        let start = place
        while let byte = next,
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || [
                    UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"),
                    UInt8(ascii: "E"),
                ].contains(byte)
        { place += 1 }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        if let value = Int64(text) { return .integer(value) }
        guard let value = Double(text) else {
            place = start
            throw fault
        }
        return .number(value)
    }
}

extension JSONParser {
    private mutating func string() throws(JSONSyntaxError) -> String {
        place += 1
        var content: [UInt8] = []
        while let byte = next {
            place += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
            case UInt8(ascii: "\\"): content += try escape().utf8
            case 0..<0x20: throw fault
            default: content.append(byte)
            }
        }
        throw fault
    }

    private mutating func escape() throws(JSONSyntaxError) -> String {
        guard let byte = next else { throw fault }
        place += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw fault
        }
    }

    /// One code point, perhaps from a surrogate pair; a lone surrogate is replaced by U+FFFD.
    private mutating func unicodeEscape() throws(JSONSyntaxError) -> String {
        let first = try fourDigits()
        guard (0xD800..<0xDC00).contains(first), bytes[place...].starts(with: #"\u"#.utf8) else {
            return Unicode.Scalar(first).map { String($0) } ?? "\u{FFFD}"
        }
        let afterFirst = place
        place += 2
        let second = try fourDigits()
        guard (0xDC00..<0xE000).contains(second) else {
            place = afterFirst
            return "\u{FFFD}"
        }
        let scalar = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
        return Unicode.Scalar(scalar).map { String($0) } ?? "\u{FFFD}"
    }

    private mutating func fourDigits() throws(JSONSyntaxError) -> UInt32 {
        guard place + 4 <= bytes.count,
            let value = UInt32(String(decoding: bytes[place..<place + 4], as: UTF8.self), radix: 16)
        else { throw fault }
        place += 4
        return value
    }
}

extension JSON {
    /// Parses a JSON document.
    public init(parsing bytes: [UInt8]) throws(JSONSyntaxError) {
        self = try JSONParser.parse(bytes)
    }
}
