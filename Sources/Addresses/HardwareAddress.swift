/// A six-byte MAC address.
public struct HardwareAddress: Hashable, Sendable {
    /// Six bytes in network order.
    public let bytes: [UInt8]

    /// Reads six hexadecimal bytes with colons or hyphens; nil for anything else and for a
    /// multicast address, which an interface cannot have.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == ":" || $0 == "-" }
        let bytes = parts.compactMap { part in
            part.count == 2 && part.allSatisfy(\.isHexDigit) ? UInt8(part, radix: 16) : nil
        }
        guard parts.count == 6, bytes.count == 6, bytes[0] & 1 == 0 else { return nil }
        self.bytes = bytes
    }

    /// The address derived from an IP address, as Docker derives it. A container that takes over
    /// the IP address has the same hardware address, so its peers' neighbour tables stay valid.
    public init(for address: IPAddress) {
        bytes = [0x02, 0x42] + address.bytes.suffix(4)
    }
}

extension HardwareAddress: CodedAsText {
    public var description: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    }
}
