import Notation
import YAML

extension Fields {
    /// A string; nil if absent or empty.
    func string(_ key: String) throws(ComposeError) -> String? {
        guard let node = self[key] else { return nil }
        guard let text = node.string ?? node.integer.map(String.init) else {
            throw expected("a string", node, key)
        }
        return text.isEmpty ? nil : text
    }

    /// A string that must be present.
    func required(_ key: String) throws(ComposeError) -> String {
        guard let node = self[key] else {
            throw ComposeError(.missingKey(key, path: "\(path)"), at: location)
        }
        guard let text = node.plainText else { throw expected("a string", node, key) }
        return text
    }

    /// A boolean; nil if absent.
    func boolean(_ key: String) throws(ComposeError) -> Bool? {
        guard let node = self[key] else { return nil }
        guard let value = node.bool ?? node.string.flatMap(BooleanText.yaml) else {
            throw expected("true or false", node, key)
        }
        return value
    }

    /// A boolean; false if absent.
    func flag(_ key: String) throws(ComposeError) -> Bool {
        try boolean(key) ?? false
    }

    /// An integer; a fraction is truncated.
    func integer(_ key: String) throws(ComposeError) -> Int? {
        guard let node = self[key] else { return nil }
        switch node.content {
        case .integer(let value): return value
        case .float(let value):
            if value.magnitude < 9e18 { return Int(value) }
        case .string(let text):
            if let value = Int(text) { return value }
        default: break
        }
        throw expected("an integer", node, key)
    }

    /// An integer of the given width; nil if absent or 0.
    func nonZero<Number: FixedWidthInteger>(_ key: String) throws(ComposeError) -> Number? {
        let value: Number? = try number(key)
        return value == 0 ? nil : value
    }

    /// An integer of the given width.
    func number<Number: FixedWidthInteger>(_ key: String) throws(ComposeError) -> Number? {
        guard let value = try integer(key) else { return nil }
        guard let number = Number(exactly: value) else {
            throw invalid(key, "number", "use \(Number.min) to \(Number.max)")
        }
        return number
    }

    /// A floating-point number; nil if absent or 0.
    func float(_ key: String) throws(ComposeError) -> Float? {
        guard let node = self[key] else { return nil }
        let value: Float? =
            switch node.content {
            case .integer(let value): Float(value)
            case .unsigned(let value): Float(value)
            case .float(let value): Float(value)
            case .string(let text): Float(text)
            default: nil
            }
        guard let value, value.isFinite else { throw expected("a finite number", node, key) }
        return value == 0 ? nil : value
    }

    /// A number of bytes; nil if absent or 0.
    func bytes(_ key: String) throws(ComposeError) -> ByteCount? {
        guard let node = self[key] else { return nil }
        let value: ByteCount? =
            switch node.content {
            case .integer(let value): ByteCount(Int64(value))
            case .string(let text): ByteCount(parsing: text)
            default: nil
            }
        guard let value else {
            throw invalid(key, "size", "use bytes, or a number with k, m, g, t or p, such as '64m'")
        }
        return value.bytes == 0 ? nil : value
    }

    /// A duration; nil if absent.
    func duration(_ key: String) throws(ComposeError) -> Duration? {
        guard let node = self[key] else { return nil }
        guard
            let value = node.plainText.flatMap({
                GoDuration.duration(of: $0, units: .withDaysAndWeeks)
            })
        else {
            throw invalid(key, "duration", "use numbers with units, such as '1m30s' or '500ms'")
        }
        return value
    }

    /// A value of an enumeration; nil if absent or empty.
    func word<Word: RawRepresentable<String>>(_ key: String) throws(ComposeError) -> Word? {
        guard let text = try string(key) else { return nil }
        guard let word = Word(rawValue: text) else {
            throw invalid(key, "value", "it is not known here")
        }
        return word
    }

    func expected(_ wanted: String, _ node: YAMLNode, _ key: String) -> ComposeError {
        let path = "\(AttributePath.key(key, in: path))"
        let found = node.string.map { "'\($0)'" } ?? node.kind
        return ComposeError(.expected(wanted, found: found, path: path), at: node.location)
    }
}

extension YAMLNode {
    /// A scalar in Go's notation; nil for null, lists and mappings.
    var plainText: String? {
        switch content {
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .unsigned(let value): String(value)
        case .float(let value): GoNumber.text(value)
        case .string(let text), .timestamp(let text): text
        case .null, .sequence, .mapping: nil
        }
    }
}
