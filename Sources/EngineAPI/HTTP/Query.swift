/// The parameters after the `?` of a request.
struct Query: Sendable, Equatable {
    private let values: [String: [String]]

    init(parsing text: String) {
        var values: [String: [String]] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = PercentEncoding.decode(parts[0], isForm: true)
            let value = parts.count > 1 ? PercentEncoding.decode(parts[1], isForm: true) : ""
            values[name, default: []].append(value)
        }
        self.values = values
    }

    /// The first value; nil if the parameter is missing or empty.
    subscript(name: String) -> String? { values[name]?.first.flatMap { $0.isEmpty ? nil : $0 } }

    func all(_ name: String) -> [String] { values[name] ?? [] }

    func contains(_ name: String) -> Bool { values[name] != nil }

    /// Whether a parameter is true, as dockerd decides: anything but these words.
    func flag(_ name: String, default value: Bool = false) -> Bool {
        guard let text = self[name]?.lowercased() else { return value }
        return !["0", "no", "false", "none"].contains(text)
    }

    /// A whole number; throws for other text.
    func number(_ name: String) throws(EngineError) -> Int? {
        guard let text = self[name] else { return nil }
        guard let number = Int(text) else {
            throw .badRequest("invalid value '\(text)' of parameter '\(name)': not a whole number")
        }
        return number
    }

    /// A JSON document; null if the parameter is missing.
    func document(_ name: String) throws(EngineError) -> JSON {
        guard let text = self[name] else { return .null }
        do {
            return try JSON(parsing: Array(text.utf8))
        } catch {
            throw .badRequest("invalid value of parameter '\(name)': \(error)")
        }
    }
}

/// Percent-encoding of URLs. Source: RFC 3986, 2.1.
enum PercentEncoding {
    /// Decodes `text`; in a form, `+` stands for a space. Invalid escapes are kept.
    static func decode(_ text: some StringProtocol, isForm: Bool = false) -> String {
        let source = Array(text.utf8)
        var bytes: [UInt8] = []
        var place = 0
        while place < source.count {
            let byte = source[place]
            if byte == UInt8(ascii: "%"), place + 2 < source.count,
                let high = digit(source[place + 1]), let low = digit(source[place + 2])
            {
                bytes.append(high << 4 | low)
                place += 3
                continue
            }
            bytes.append(isForm && byte == UInt8(ascii: "+") ? 0x20 : byte)
            place += 1
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
