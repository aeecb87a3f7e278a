import CLinux
import Glibc

/// A change of interfaces, addresses or routes, for `RouteSocket.apply`.
public struct RouteChange {
    let message: NetlinkMessage
    /// What the change affects, for messages.
    let subject: String

    /// The fixed part of a message about an interface; index 0 selects it by name instead.
    static func interface(_ index: UInt32, up: Bool? = nil, family: Int32 = 0) -> [UInt8] {
        let flags: UInt32 = up == true ? 1 : 0
        let change: UInt32 = up == nil ? 0 : 1
        return [UInt8(family), 0, 0, 0] + index.nativeBytes + flags.nativeBytes
            + change.nativeBytes
    }
}

extension RouteChange {
    /// Creates a bridge, which is down.
    public static func createBridge(
        _ name: String,
        hardwareAddress: [UInt8],
        mtu: UInt32?
    ) -> RouteChange {
        var message = NetlinkMessage(
            UInt16(RTM_NEWLINK),
            flags: NLM_F_CREATE | NLM_F_EXCL,
            fixed: interface(0)
        )
        message.attribute(IFLA_IFNAME, name)
        message.attribute(IFLA_ADDRESS, hardwareAddress)
        if let mtu { message.attribute(IFLA_MTU, mtu) }
        message.nest(IFLA_LINKINFO) { $0.attribute(IFLA_INFO_KIND, "bridge") }
        return RouteChange(message: message, subject: "bridge \(name)")
    }

    /// Creates a veth pair with `peerName` in the namespace `peerNamespace`. Both ends are down,
    /// because the kernel cannot bring one up before the other exists.
    public static func createVethPair(
        _ name: String,
        peerName: String,
        peerHardwareAddress: [UInt8],
        peerNamespace: borrowing Descriptor,
        mtu: UInt32?
    ) -> RouteChange {
        let namespace = UInt32(peerNamespace.number)
        var message = NetlinkMessage(
            UInt16(RTM_NEWLINK),
            flags: NLM_F_CREATE | NLM_F_EXCL,
            fixed: interface(0)
        )
        message.attribute(IFLA_IFNAME, name)
        message.oneQueue()
        if let mtu { message.attribute(IFLA_MTU, mtu) }
        message.nest(IFLA_LINKINFO) { info in
            info.attribute(IFLA_INFO_KIND, "veth")
            info.nest(IFLA_INFO_DATA) { data in
                data.nest(VETH_INFO_PEER) { peer in
                    peer.raw(interface(0))
                    peer.attribute(IFLA_IFNAME, peerName)
                    peer.attribute(IFLA_ADDRESS, peerHardwareAddress)
                    peer.oneQueue()
                    if let mtu { peer.attribute(IFLA_MTU, mtu) }
                    peer.attribute(IFLA_NET_NS_FD, namespace)
                }
            }
        }
        return RouteChange(message: message, subject: "veth pair \(name)-\(peerName)")
    }

    /// Sets the alias of an interface, shown by `ip link`.
    public static func setAlias(_ alias: String, of name: String) -> RouteChange {
        change(name) { $0.attribute(IFLA_IFALIAS, String(alias.prefix(255))) }
    }

    /// Disables automatic IPv6 addresses on an interface.
    public static func disableAddressGeneration(of name: String) -> RouteChange {
        change(name) { message in
            message.nest(IFLA_AF_SPEC) { families in
                families.nest(AF_INET6) {
                    $0.attribute(
                        IFLA_INET6_ADDR_GEN_MODE,
                        [UInt8(IN6_ADDR_GEN_MODE_NONE.rawValue)]
                    )
                }
            }
        }
    }

    /// Attaches an interface to the bridge with index `master` and brings it up.
    public static func join(_ name: String, master: UInt32) -> RouteChange {
        change(name, up: true) { $0.attribute(IFLA_MASTER, master) }
    }

    /// Isolates a bridge port from other isolated ports.
    public static func isolate(_ name: String) -> RouteChange {
        setPort(name, IFLA_BRPORT_ISOLATED)
    }

    /// Enables hairpin mode of a bridge port, for a container that connects to its own published
    /// port.
    public static func reflect(_ name: String) -> RouteChange { setPort(name, IFLA_BRPORT_MODE) }

    private static func setPort(_ name: String, _ flag: Int) -> RouteChange {
        change(name) { message in
            message.nest(IFLA_LINKINFO) { info in
                info.attribute(IFLA_INFO_SLAVE_KIND, "bridge")
                info.nest(IFLA_INFO_SLAVE_DATA) {
                    $0.attribute(flag, [1])
                }
            }
        }
    }

    /// Brings an interface up.
    public static func bringUp(_ name: String) -> RouteChange { change(name, up: true) { _ in } }

    /// Removes an interface; of a veth pair, both ends.
    public static func deleteLink(_ name: String) -> RouteChange {
        var message = NetlinkMessage(UInt16(RTM_DELLINK), fixed: interface(0))
        message.attribute(IFLA_IFNAME, name)
        return RouteChange(message: message, subject: "interface \(name)")
    }

    /// Assigns an interface to a group, so that it can be removed with `deleteGroup`.
    public static func setGroup(_ group: UInt32, of name: String) -> RouteChange {
        change(name) { $0.attribute(IFLA_GROUP, group) }
    }

    /// Removes all interfaces of a group together, which costs the kernel only one grace period.
    public static func deleteGroup(_ group: UInt32) -> RouteChange {
        var message = NetlinkMessage(UInt16(RTM_DELLINK), fixed: interface(0))
        message.attribute(IFLA_GROUP, group)
        return RouteChange(message: message, subject: "interfaces of group \(group)")
    }

    private static func change(
        _ name: String,
        up: Bool? = nil,
        _ attributes: (inout NetlinkMessage) -> Void
    ) -> RouteChange {
        var message = NetlinkMessage(UInt16(RTM_NEWLINK), fixed: interface(0, up: up))
        message.attribute(IFLA_IFNAME, name)
        attributes(&message)
        return RouteChange(message: message, subject: "interface \(name)")
    }
}

extension RouteChange {
    /// Adds an address to the interface with index `link`, without duplicate address detection.
    public static func addAddress(
        _ address: [UInt8],
        prefixLength: Int,
        link: UInt32
    ) -> RouteChange {
        let isIPv4 = address.count == 4
        let fixed =
            [UInt8(isIPv4 ? AF_INET : AF_INET6), UInt8(prefixLength), 0, 0] + link.nativeBytes
        var message = NetlinkMessage(
            UInt16(RTM_NEWADDR),
            flags: NLM_F_CREATE | NLM_F_REPLACE,
            fixed: fixed
        )
        message.attribute(IFA_LOCAL, address)
        message.attribute(IFA_ADDRESS, address)
        if isIPv4, prefixLength < 31 {
            message.attribute(IFA_BROADCAST, broadcast(address, prefixLength))
        } else if !isIPv4 {
            message.attribute(IFA_FLAGS, UInt32(IFA_F_NODAD))
        }
        return RouteChange(message: message, subject: "address on interface \(link)")
    }

    /// Adds a default route via `gateway`.
    public static func addDefaultRoute(gateway: [UInt8], link: UInt32) -> RouteChange {
        let family = UInt8(gateway.count == 4 ? AF_INET : AF_INET6)
        let fixed =
            [
                family, 0, 0, 0, UInt8(RT_TABLE_MAIN.rawValue), UInt8(RTPROT_STATIC),
                UInt8(RT_SCOPE_UNIVERSE.rawValue), UInt8(RTN_UNICAST),
            ] + UInt32(0).nativeBytes
        var message = NetlinkMessage(
            UInt16(RTM_NEWROUTE),
            flags: NLM_F_CREATE | NLM_F_REPLACE,
            fixed: fixed
        )
        message.attribute(RTA_GATEWAY.rawValue, gateway)
        message.attribute(RTA_OIF.rawValue, link)
        return RouteChange(message: message, subject: "default route by interface \(link)")
    }

    private static func broadcast(_ address: [UInt8], _ prefixLength: Int) -> [UInt8] {
        let host: UInt32 = ~0 >> UInt32(prefixLength)
        let value = address.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } | host
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}

extension NetlinkMessage {
    /// Sets one queue per direction: a veth forwards packets in the sender's context, and each
    /// further queue, one per processor by default, costs sysfs entries.
    fileprivate mutating func oneQueue() {
        attribute(IFLA_NUM_TX_QUEUES, UInt32(1))
        attribute(IFLA_NUM_RX_QUEUES, UInt32(1))
    }
}
