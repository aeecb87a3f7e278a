public import Addresses

/// A name such as `web.example.org`: labels, the most specific one first.
///
/// Names are compared without regard to case. Source: RFC 1035, sections 2.3.4 and 3.1.
public struct DomainName: Sendable {
    /// Each has 1 to 63 bytes, as received; 255 bytes in all with their lengths.
    public let labels: [[UInt8]]

    /// The root domain.
    public static let root = DomainName(unchecked: [])

    /// Nil when a label or the name exceeds its limit.
    public init?(labels: [[UInt8]]) {
        let lengths = labels.map(\.count)
        guard lengths.allSatisfy({ (1...63).contains($0) }),
            lengths.reduce(1, { $0 + $1 + 1 }) <= 255
        else { return nil }
        self.labels = labels
    }

    /// Parses `web.example.org` with or without its final dot; nil when a label is empty or too long.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        let name = bytes.last == UInt8(ascii: ".") ? bytes.dropLast() : bytes[...]
        guard !name.isEmpty else {
            guard !bytes.isEmpty else { return nil }
            self = .root
            return
        }
        let labels = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        self.init(labels: labels.map { Array($0) })
    }

    init(unchecked labels: [[UInt8]]) { self.labels = labels }

    /// The name in lower case without a final dot, as a key for lookups.
    public var key: String {
        labels.map { String(decoding: $0.map(lowercase), as: UTF8.self) }.joined(separator: ".")
    }

    /// The address encoded in a name below in-addr.arpa or ip6.arpa; nil for other names.
    ///
    /// Source: RFC 1035, section 3.5, and RFC 3596, section 2.5.
    public var reverseAddress: IPAddress? {
        let parts = key.split(separator: ".")
        if parts.count == 6, parts.suffix(2) == ["in-addr", "arpa"] {
            return IPv4Address(parts.prefix(4).reversed().joined(separator: ".")).map { .v4($0) }
        }
        guard parts.count == 34, parts.suffix(2) == ["ip6", "arpa"] else { return nil }
        var value: UInt128 = 0
        for part in parts.prefix(32).reversed() {
            guard part.utf8.count == 1, let digit = part.first?.hexDigitValue else { return nil }
            value = value << 4 | UInt128(digit)
        }
        return .v6(IPv6Address(rawValue: value))
    }
}

extension DomainName: Hashable {
    public static func == (left: DomainName, right: DomainName) -> Bool {
        left.labels.count == right.labels.count
            && zip(left.labels, right.labels).allSatisfy { $0.map(lowercase) == $1.map(lowercase) }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(labels.map { $0.map(lowercase) })
    }
}

extension DomainName: CustomStringConvertible {
    public var description: String {
        labels.isEmpty
            ? "." : labels.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".")
    }
}

private func lowercase(_ byte: UInt8) -> UInt8 {
    (0x41...0x5a).contains(byte) ? byte + 0x20 : byte
}
