/// Assembles lines from bytes that arrive in pieces of any size.
public struct LineBuffer: Sendable {
    private var bytes: [UInt8] = []
    /// The longest line kept, in bytes.
    private let limit: Int

    /// A line longer than `limit` bytes is returned in parts.
    public init(limit: Int = .max) { self.limit = limit }

    /// Adds a piece; returns the lines that it completes, without their newlines.
    public mutating func add(_ piece: some Collection<UInt8>) -> [[UInt8]] {
        bytes += piece
        var lines: [[UInt8]] = []
        var start = 0
        while let end = ByteSearch.first(UInt8(ascii: "\n"), in: bytes, start, bytes.count) {
            lines.append(Array(bytes[start..<end]))
            start = end + 1
        }
        bytes.removeFirst(start)
        if bytes.count > limit, let part = takeRest() { lines.append(part) }
        return lines
    }

    /// Removes and returns the unterminated line; nil when there is none.
    public mutating func takeRest() -> [UInt8]? {
        defer { bytes = [] }
        return bytes.isEmpty ? nil : bytes
    }
}
