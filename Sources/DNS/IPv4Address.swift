/// A four-byte internet address.
public struct IPv4Address: Hashable, Sendable {
    /// The address as a number, most significant byte first.
    public var rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Reads four decimal numbers with dots; nil for anything else, also for `010.0.0.1`.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy(isDigit),
                part.utf8.count == 1 || part.first != "0", let byte = UInt8(part)
            else { return nil }
            value = value << 8 | UInt32(byte)
        }
        self.init(rawValue: value)
    }

    /// The four bytes in network order.
    public var bytes: [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: rawValue >> $0) }
    }

    /// 127.0.0.0/8.
    public var isLoopback: Bool { rawValue >> 24 == 127 }
}

extension IPv4Address: CustomStringConvertible {
    public var description: String { bytes.map { String($0) }.joined(separator: ".") }
}

private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
