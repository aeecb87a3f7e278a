/// The framing of DNS messages on a stream: each message follows its length in two bytes.
///
/// Source: RFC 1035, section 4.2.2.
public struct DNSFraming {
    private var received: [UInt8] = []

    public init() {}

    /// `message` with its length, as it is sent.
    public static func frame(_ message: [UInt8]) -> [UInt8] {
        [UInt8(message.count >> 8), UInt8(truncatingIfNeeded: message.count)] + message
    }

    /// Adds bytes that were received, in pieces of any size.
    public mutating func add(_ bytes: [UInt8]) { received += bytes }

    /// Removes and returns the next complete message; nil until all of it has been received.
    public mutating func next() -> [UInt8]? {
        guard received.count >= 2 else { return nil }
        let end = 2 + (Int(received[0]) << 8 | Int(received[1]))
        guard received.count >= end else { return nil }
        defer { received.removeFirst(end) }
        return Array(received[2..<end])
    }
}
