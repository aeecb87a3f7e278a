import Addresses

/// The packet filter's table of one store, as scripts for nft(8); runs nothing itself.
///
/// Rules are written once; networks and ports are elements of sets and maps.
struct Firewall {
    /// The table's name, in family `inet`.
    let table: String

    /// An empty chain that identifies the table's rules; renamed whenever they change.
    static let revision = "revision_2"

    /// Creates the table, its sets and its rules, and keeps the elements of its sets. Replacing
    /// rules waits for an RCU grace period in the kernel, so this is only for a table without them.
    var installation: String {
        let chains = ["publish", "prerouting", "output", "postrouting", "forward", "inbound"]
        return """
            table inet \(table) {
            \(Self.sets)
            \(Self.hooks)
            }
            \(chains.map { "flush chain inet \(table) \($0)" }.joined(separator: "\n"))
            table inet \(table) {
            \(Self.rules)
            }

            """
    }

    /// Removes the table if it exists.
    var removal: String { "add table inet \(table)\ndelete table inet \(table)\n" }

    /// Adds the elements that `access` requires of the network and removes its other ones.
    ///
    /// `isAdmitted` says that other programs' filters accept the bridge's packets.
    func setting(_ network: BridgeNetwork, _ access: NetworkAccess, isAdmitted: Bool) -> String {
        let all = elements(of: network)
        let wanted = all.filter { element in
            switch element.purpose {
            case .member: true
            case .connection: access.connectsContainers
            case .closing: !access.leadsOut
            case .masquerading: access.masquerades
            case .admission: isAdmitted
            }
        }
        let unwanted = all.filter { !wanted.contains($0) }
        return script("add", all) + script("delete", unwanted)
    }

    /// Removes the network's elements, whether or not all of them exist.
    func removing(_ network: BridgeNetwork) -> String {
        let all = elements(of: network)
        return script("add", all) + script("delete", all)
    }

    /// Replaces the list of the host's bridges that lead to physical networks.
    func setting(uplinks: [String]) -> String {
        "flush set inet \(table) uplinks\n"
            + uplinks.map { "add element inet \(table) uplinks { \"\($0)\" }\n" }.joined()
    }

    private struct Element: Equatable {
        enum Purpose {
            case member, connection, closing, masquerading, admission
        }

        var purpose: Purpose
        var set: String
        var value: String
    }

    private func script(_ verb: String, _ elements: [Element]) -> String {
        elements.map { "\(verb) element inet \(table) \($0.set) { \($0.value) }\n" }.joined()
    }

    private func elements(of network: BridgeNetwork) -> [Element] {
        let bridge = "\"\(network.bridge)\""
        let pools = network.pools.flatMap { pool in
            let family = pool.subnet.isIPv4 ? "4" : "6"
            return [
                Element(purpose: .member, set: "own\(family)", value: "\(pool.subnet) . \(bridge)"),
                Element(
                    purpose: .masquerading,
                    set: "masqueraded\(family)",
                    value: "\(pool.subnet)"
                ),
            ]
        }
        return [
            Element(purpose: .member, set: "bridges", value: bridge),
            Element(purpose: .connection, set: "pairs", value: "\(bridge) . \(bridge)"),
            Element(purpose: .closing, set: "closed", value: bridge),
            Element(purpose: .admission, set: "admitted", value: bridge),
        ] + pools
    }

    /// `published…` without `at` holds ports published at all of the host's addresses.
    private static let sets = """
        set bridges { type ifname; }
        set pairs { type ifname . ifname; }
        set closed { type ifname; }
        set admitted { type ifname; }
        set uplinks { type ifname; }
        set own4 { type ipv4_addr . ifname; flags interval; }
        set own6 { type ipv6_addr . ifname; flags interval; }
        set masqueraded4 { type ipv4_addr; flags interval; }
        set masqueraded6 { type ipv6_addr; flags interval; }
        map published4 { type inet_proto . inet_service : ipv4_addr . inet_service; }
        map published6 { type inet_proto . inet_service : ipv6_addr . inet_service; }
        map published4at {
            type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service;
        }
        map published6at {
            type ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service;
        }
        """

    private static let hooks = """
        chain \(revision) { }
        chain publish { }
        chain inbound { }
        chain prerouting { type nat hook prerouting priority -100; policy accept; }
        chain output { type nat hook output priority -100; policy accept; }
        chain postrouting { type nat hook postrouting priority 100; policy accept; }
        chain forward { type filter hook forward priority 0; policy accept; }
        """

    /// Loopback addresses are left to the forwarder's socket: a packet from 127.0.0.1 must not
    /// leave the host. A connection from a container to a port published by its own network is
    /// masqueraded, otherwise the reply would bypass the host and not be recognised; the incoming
    /// interface is unknown there when br_netfilter has bridged the packet.
    ///
    /// Rules of ours in other programs' filters accept an admitted bridge's packets before those
    /// programs protect their own bridges, such as Docker's, so that protection is repeated here.
    /// A bridge that leads to a physical network, like a host's `br0`, is not protected.
    private static let rules = """
        chain publish {
            dnat ip to ip daddr . meta l4proto . th dport map @published4at
            dnat ip to meta l4proto . th dport map @published4
            dnat ip6 to ip6 daddr . meta l4proto . th dport map @published6at
            dnat ip6 to meta l4proto . th dport map @published6
        }
        chain prerouting { fib daddr type local jump publish; }
        chain output {
            ip daddr 127.0.0.0/8 return
            ip6 daddr ::1 return
            fib daddr type local jump publish
        }
        chain postrouting {
            ct status dnat ip saddr . oifname @own4 masquerade
            ct status dnat ip6 saddr . oifname @own6 masquerade
            ip saddr @masqueraded4 oifname != @bridges masquerade
            ip6 saddr @masqueraded6 oifname != @bridges masquerade
        }
        chain forward {
            iifname . oifname @pairs accept
            iifname @closed drop
            oifname @closed drop
            oifname @bridges jump inbound
            iifname @admitted meta oifkind "bridge" oifname != @uplinks jump inbound
        }
        chain inbound {
            ct state established,related accept
            ct status dnat accept
            drop
        }
        """
}
