import CLinux
import Glibc

/// A network interface.
public struct Link: Equatable, Sendable {
    public var index: UInt32
    public var name: String
    /// The alias, shown by `ip link`.
    public var alias: String?
    /// `bridge`, `veth`, …; nil for a physical one.
    public var kind: String?
    /// The index of the bridge that the interface is attached to.
    public var master: UInt32?
    public var hardwareAddress: [UInt8]
    public var mtu: UInt32
    public var isUp: Bool

    init?(_ body: ArraySlice<UInt8>) {
        guard let index = UInt32(native: body.dropFirst(4)),
            let flags = UInt32(native: body.dropFirst(8))
        else { return nil }
        let attributes = NetlinkAttributes(body.dropFirst(16))
        guard let name = attributes.text(IFLA_IFNAME) else { return nil }
        self.index = index
        self.name = name
        alias = attributes.text(IFLA_IFALIAS)
        kind = attributes.nested(IFLA_LINKINFO)?.text(IFLA_INFO_KIND)
        master = attributes.number(IFLA_MASTER)
        hardwareAddress = Array(attributes[IFLA_ADDRESS] ?? [])
        mtu = attributes.number(IFLA_MTU) ?? 0
        isUp = flags & 1 != 0
    }
}

/// An address of an interface.
public struct InterfaceAddress: Equatable, Sendable {
    /// The interface's index.
    public var link: UInt32
    /// Four or sixteen bytes.
    public var address: [UInt8]
    public var prefixLength: Int

    init?(_ body: ArraySlice<UInt8>) {
        guard let length = body.dropFirst(1).first, let link = UInt32(native: body.dropFirst(4))
        else { return nil }
        let attributes = NetlinkAttributes(body.dropFirst(8))
        guard let address = attributes[IFA_LOCAL] ?? attributes[IFA_ADDRESS]
        else { return nil }
        self.link = link
        self.address = Array(address)
        prefixLength = Int(length)
    }
}

/// A unicast route.
public struct Route: Equatable, Sendable {
    /// Four or sixteen bytes; empty for the default route.
    public var destination: [UInt8]
    public var prefixLength: Int
    public var gateway: [UInt8]?
    /// The index of the outgoing interface.
    public var link: UInt32?

    init?(_ body: ArraySlice<UInt8>) {
        let fixed = Array(body.prefix(12))
        guard fixed.count == 12, fixed[7] == UInt8(RTN_UNICAST),
            UInt32(fixed[4]) != RT_TABLE_LOCAL.rawValue
        else { return nil }
        let attributes = NetlinkAttributes(body.dropFirst(12))
        destination = Array(attributes[RTA_DST.rawValue] ?? [])
        prefixLength = Int(fixed[1])
        gateway = attributes[RTA_GATEWAY.rawValue].map { Array($0) }
        link = attributes.number(RTA_OIF.rawValue)
    }
}
