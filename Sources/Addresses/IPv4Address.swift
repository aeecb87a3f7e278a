/// An IPv4 address.
public struct IPv4Address: Hashable, Sendable {
    /// The address as a number, most significant byte first.
    public var rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Parses dotted decimal notation; nil for any other text and for leading zeroes (`010.0.0.1`).
    public init?(_ text: some StringProtocol) {
        // Does not allocate: lease file names are parsed whenever a container is attached.
        var (value, part, digits, dots): (UInt32, UInt32, Int, Int) = (0, 0, 0, 0)
        for byte in text.utf8 {
            if byte == UInt8(ascii: ".") {
                guard digits > 0, dots < 3 else { return nil }
                value = value << 8 | part
                (part, digits, dots) = (0, 0, dots + 1)
            } else {
                let isAfterZero = digits > 0 && part == 0
                guard isDigit(byte), !isAfterZero else { return nil }
                part = part * 10 + UInt32(byte - 0x30)
                guard part < 256 else { return nil }
                digits += 1
            }
        }
        guard digits > 0, dots == 3 else { return nil }
        value = value << 8 | part
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
