public import DNS

/// A six-byte MAC address; its text form is what JSON holds.
public struct HardwareAddress: Hashable, Sendable {
    /// Always six.
    public let bytes: [UInt8]

    /// Reads six hexadecimal bytes with colons or hyphens; nil for anything else, and for a
    /// multicast address, which no interface may have.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == ":" || $0 == "-" }
        let bytes = parts.compactMap { part in
            part.count == 2 && part.allSatisfy(\.isHexDigit) ? UInt8(part, radix: 16) : nil
        }
        guard parts.count == 6, bytes.count == 6, bytes[0] & 1 == 0 else { return nil }
        self.bytes = bytes
    }

    /// The address that belongs to an IP address: whoever gets that IP address next has the same
    /// one, so its peers' neighbour tables stay true.
    public init(for address: IPAddress) {
        bytes = [0x02, 0x42] + address.bytes.suffix(4)
    }
}

extension HardwareAddress: CodedAsText {
    public var description: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    }
}
