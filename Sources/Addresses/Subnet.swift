/// A block of addresses in CIDR notation, such as 172.18.0.0/16.
public struct Subnet: Hashable, Sendable {
    /// The first address; every bit after the prefix is zero.
    public let base: IPAddress
    /// The number of leading bits that all addresses of the block share.
    public let prefixLength: Int

    /// The block that contains `address`; nil when the prefix is longer than an address.
    public init?(_ address: IPAddress, prefixLength: Int) {
        guard (0...Self.width(of: address)).contains(prefixLength) else { return nil }
        self.prefixLength = prefixLength
        switch address {
        case .v4(let address):
            let mask: UInt32 = prefixLength == 0 ? 0 : ~0 << (32 - prefixLength)
            base = .v4(IPv4Address(rawValue: address.rawValue & mask))
        case .v6(let address):
            let mask: UInt128 = prefixLength == 0 ? 0 : ~0 << (128 - prefixLength)
            base = .v6(IPv6Address(rawValue: address.rawValue & mask))
        }
    }

    /// Parses `ADDRESS/LENGTH`; bits after the prefix are cleared.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(parts[0]), let length = Int(parts[1]),
            parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        self.init(address, prefixLength: length)
    }

    public var isIPv4: Bool { base.isIPv4 }

    public func contains(_ address: IPAddress) -> Bool {
        address.isIPv4 == isIPv4 && Subnet(address, prefixLength: prefixLength) == self
    }

    public func contains(_ other: Subnet) -> Bool {
        other.prefixLength >= prefixLength && contains(other.base)
    }

    public func overlaps(_ other: Subnet) -> Bool { contains(other) || other.contains(self) }

    /// The offset of the last address from the first; at most `UInt64.max`.
    public var lastOffset: UInt64 {
        let bits = Self.width(of: base) - prefixLength
        return bits >= 64 ? .max : (1 << UInt64(bits)) - 1
    }

    /// The address at `offset` from the first; nil when it lies outside.
    public func address(at offset: UInt64) -> IPAddress? {
        guard offset <= lastOffset else { return nil }
        switch base {
        case .v4(let base): return .v4(IPv4Address(rawValue: base.rawValue + UInt32(offset)))
        case .v6(let base): return .v6(IPv6Address(rawValue: base.rawValue + UInt128(offset)))
        }
    }

    /// Whether `address` can be assigned to an interface. The first address cannot, nor can the
    /// broadcast address of IPv4, except in blocks of one or two addresses (RFC 3021).
    public func isUsable(_ address: IPAddress) -> Bool {
        guard contains(address) else { return false }
        guard prefixLength < Self.width(of: base) - 1 else { return true }
        return address != base && !(isIPv4 && address == self.address(at: lastOffset))
    }

    private static func width(of address: IPAddress) -> Int { address.isIPv4 ? 32 : 128 }
}

extension Subnet: CodedAsText {
    public var description: String { "\(base)/\(prefixLength)" }
}
