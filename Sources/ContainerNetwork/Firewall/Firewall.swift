import Addresses

/// The packet filter's table of one store, as scripts for nft(8); nothing here runs them.
///
/// Rules are written once; networks and ports come and go as elements of sets and maps.
struct Firewall {
    /// The table's name, in family `inet`.
    let table: String

    /// An empty chain that tells which rules the table has; renamed whenever they change.
    static let revision = "revision_1"

    /// Makes the table, its sets and its rules; what its sets hold stays. Replacing rules makes
    /// the kernel wait until nobody looks at them, so this is for a table that lacks them.
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

    /// Removes the table; one that is not there is fine.
    var removal: String { "add table inet \(table)\ndelete table inet \(table)\n" }

    func adding(_ network: BridgeNetwork, _ options: BridgeOptions) -> String {
        let closed = [(set: "closed", element: "\"\(network.bridge)\"")]
        return script(
            "add",
            elements(of: network, masquerades: options.masquerades && !network.isInternal)
                + (network.isInternal ? closed : [])
        )
    }

    /// Also right when only a part of the elements is there.
    func removing(_ network: BridgeNetwork) -> String {
        let all =
            elements(of: network, masquerades: true) + [("closed", "\"\(network.bridge)\"")]
        return script("add", all) + script("delete", all)
    }

    private func script(_ verb: String, _ elements: [(set: String, element: String)]) -> String {
        elements.map { "\(verb) element inet \(table) \($0.set) { \($0.element) }\n" }.joined()
    }

    private func elements(
        of network: BridgeNetwork,
        masquerades: Bool
    ) -> [(set: String, element: String)] {
        let bridge = "\"\(network.bridge)\""
        var elements = [(set: "bridges", element: bridge), ("pairs", "\(bridge) . \(bridge)")]
        for pool in network.pools {
            let family = pool.subnet.isIPv4 ? "4" : "6"
            elements.append(("own\(family)", "\(pool.subnet) . \(bridge)"))
            if masquerades { elements.append(("masqueraded\(family)", "\(pool.subnet)")) }
        }
        return elements
    }

    /// `published…` without an address is for ports published at all of the host's addresses.
    private static let sets = """
        set bridges { type ifname; }
        set pairs { type ifname . ifname; }
        set closed { type ifname; }
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
    /// leave the machine. A connection that a container makes to a port published by its own
    /// network is masqueraded, else the answer would take the short way and not be recognised;
    /// the incoming interface is not known there when br_netfilter has bridged the packet.
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
        }
        chain inbound {
            ct state established,related accept
            ct status dnat accept
            drop
        }
        """
}
