import Linux
import SystemPackage

extension Examination {
    func bridge() -> Finding {
        trying("bridge", found: "bridges and veth pairs can be created") { error in
            error.reason == .notSupported ? ["modprobe --all bridge veth"] : []
        } _: { () throws(SystemCallError) in
            try Trial.run(own(.network)) { () throws(SystemCallError) in
                let own = try Namespaces.network.current()
                try RouteSocket().apply([
                    .createBridge("bridge", hardwareAddress: [2, 0, 0, 0, 0, 1], mtu: nil),
                    .createVethPair(
                        "veth",
                        peerName: "peer",
                        peerHardwareAddress: [2, 0, 0, 0, 0, 2],
                        peerNamespace: own,
                        mtu: nil
                    ),
                ])
            }
        }
    }

    func firewall() -> Finding {
        trying("firewall", found: "nftables rules can be added") { _ in
            ["modprobe --all nf_tables nft_nat nft_masq nft_fib_inet nft_ct"]
        } _: { () throws(SystemCallError) in
            try Trial.run(own(.network)) { () throws(SystemCallError) in
                try NFTables.run(Self.rules)
            }
        }
    }

    /// The kinds of rules that networks and published ports use.
    private static let rules = """
        table inet doctor {
            map ports { type inet_proto . inet_service : ipv4_addr . inet_service; }
            chain prerouting { type nat hook prerouting priority -100; policy accept; }
            chain postrouting { type nat hook postrouting priority 100; policy accept; }
            chain forward { type filter hook forward priority 0; policy accept; }
            chain prerouting { fib daddr type local dnat ip to meta l4proto . th dport map @ports; }
            chain postrouting { ct status dnat masquerade; }
            chain forward { ct state established,related accept; }
        }
        """

    func forwarding() -> Finding {
        let name = "net.ipv4.ip_forward"
        if user != nil {
            return Finding("forwarding", "in the network namespace of the user's containers")
        }
        if Self.parameter(name) == "1" { return Finding("forwarding", "\(name)=1") }
        guard FileSystem.isWritable("/proc/sys/net/ipv4/ip_forward") else {
            return Finding(
                "forwarding",
                .problem,
                "\(name) is 0 and cannot be changed here, so containers cannot reach other networks",
                remedies: ["sysctl -w \(name)=1"]
            )
        }
        return Finding("forwarding", "\(name)=0; the first network of a project enables it")
    }

    func ports() -> Finding {
        let name = "net.ipv4.ip_unprivileged_port_start"
        guard user != nil, let first = Self.parameter(name).flatMap({ Int($0) }), first > 80 else {
            return Finding("privileged ports", "can be published")
        }
        return Finding(
            "privileged ports",
            .warning,
            "ports below \(first) cannot be published",
            remedies: ["sysctl -w \(name)=80"]
        )
    }
}
