/// An IPv4 or IPv6 address.
public enum IPAddress: Hashable, Sendable {
    case v4(IPv4Address)
    case v6(IPv6Address)

    /// Parses an address of either family; nil for any other text.
    public init?(_ text: some StringProtocol) {
        if let address = IPv4Address(text) {
            self = .v4(address)
        } else if let address = IPv6Address(text) {
            self = .v6(address)
        } else {
            return nil
        }
    }

    /// Takes four or sixteen bytes in network order; nil for any other count.
    public init?(bytes: some Collection<UInt8>) {
        switch bytes.count {
        case 4: self = .v4(IPv4Address(rawValue: bytes.reduce(0) { $0 << 8 | UInt32($1) }))
        case 16: self = .v6(IPv6Address(rawValue: bytes.reduce(0) { $0 << 8 | UInt128($1) }))
        default: return nil
        }
    }

    /// Four or sixteen bytes in network order.
    public var bytes: [UInt8] {
        switch self {
        case .v4(let address): address.bytes
        case .v6(let address): address.bytes
        }
    }

    public var isIPv4: Bool {
        if case .v4 = self { true } else { false }
    }

    /// Whether packets to the address never leave the host.
    public var isLoopback: Bool {
        switch self {
        case .v4(let address): address.isLoopback
        case .v6(let address): address.isLoopback
        }
    }

    /// 0.0.0.0 or `::`, which stand for every address of the host.
    public var isUnspecified: Bool { bytes.allSatisfy { $0 == 0 } }
}

extension IPAddress: CodedAsText {
    public var description: String {
        switch self {
        case .v4(let address): address.description
        case .v6(let address): address.description
        }
    }
}
