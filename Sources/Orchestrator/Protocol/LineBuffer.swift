import FoundationEssentials
import Linux

/// Puts lines together from pieces as they arrive.
struct LineBuffer {
    private var bytes: [UInt8] = []

    /// Adds a piece; the lines that it completes, without newlines.
    mutating func add(_ piece: [UInt8]) -> [[UInt8]] {
        bytes += piece
        var lines: [[UInt8]] = []
        var start = 0
        while let end = ByteSearch.first(UInt8(ascii: "\n"), in: bytes, start, bytes.count) {
            lines.append(Array(bytes[start..<end]))
            start = end + 1
        }
        bytes.removeFirst(start)
        return lines
    }

    /// What has come of a line that nobody ended; nil when there is nothing.
    mutating func takeRest() -> [UInt8]? {
        defer { bytes = [] }
        return bytes.isEmpty ? nil : bytes
    }
}

/// Values as lines of JSON.
enum JSONLine {
    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from line: [UInt8]) throws -> Value {
        try JSONDecoder().decode(type, from: Data(line))
    }
}
