import Addresses
import Linux
import SystemPackage

extension NetworkStore {
    /// Creates or repairs the network's kernel state. Idempotent: after a reboot all of it is
    /// missing, after `nft flush ruleset` only the rules are.
    func bringUp(_ network: BridgeNetwork, _ options: BridgeOptions) throws(NetworkError) {
        try makeBridge(network, options)
        let leadsOut = options.access.leadsOut
        if leadsOut { try enableForwarding(for: network) }
        let isAdmitted = try NetworkError.during(
            "make other packet filters accept network '\(network.name)'",
            leadsOut ? try NeighbourFilters(owner: instance.name).admit(network.bridge) : false
        )
        try NetworkError.during("set packet filter rules of network '\(network.name)'") {
            () throws(SystemCallError) in
            let script =
                (try hasRules() ? "" : firewall.installation)
                + firewall.setting(network, options.access, isAdmitted: isAdmitted)
                + firewall.setting(uplinks: try uplinkBridges())
            try NFTables.run(script)
        }
        // Last, because a bridge that is up marks a complete network.
        try NetworkError.during(
            "bring up bridge \(network.bridge) of network '\(network.name)'",
            try RouteSocket().apply([.bringUp(network.bridge)])
        )
    }

    /// Brings the network up if any part of it is missing; returns its bridge's index.
    func ensureUp(
        _ network: BridgeNetwork,
        _ routes: borrowing RouteSocket
    ) throws(NetworkError) -> UInt32 {
        let isComplete = try NetworkError.during("look for packet filter rules", try hasRules())
        if isComplete, let link = try bridge(of: network, routes), link.isUp { return link.index }
        for other in try all() {
            // The networks' rules are in one table and were lost together.
            try bringUp(other, try BridgeOptions(other.specification))
            try restorePorts(of: other)
        }
        guard let link = try bridge(of: network, routes) else {
            throw .noSuchNetwork(network.name)
        }
        return link.index
    }

    /// Removes the network from kernel and disk, including a partially removed one.
    ///
    /// The bridge is removed first, because an existing one marks a network with rules; the file is
    /// removed last, so that whatever is left can be found.
    func takeDown(_ network: BridgeNetwork) throws(NetworkError) {
        let others = try all().filter { $0.name != network.name }
        try NetworkError.during("remove network '\(network.name)'") {
            () throws(SystemCallError) in
            let routes = try RouteSocket()
            if let link = try routes.link(named: network.bridge), isOurs(link, network) {
                try routes.apply([.deleteLink(network.bridge)])
            }
            try NeighbourFilters(owner: instance.name).forget(network.bridge)
            if others.isEmpty {
                try NFTables.run(firewall.removal)
            } else if try NFTables.exists(.inet, table: instance.name) {
                try NFTables.run(firewall.removing(network))
            }
            try deleteInterfaces(of: network, routes)
            try leases(of: network.name).removeAll()
            try ignoring(
                .noSuchFileOrDirectory,
                try FileSystem.removeFile(file(network.name))
            )
        }
    }

    /// Removes a network whose description cannot be read: its bridge and leases by their names,
    /// its firewall rules by installing those of the other networks again.
    func takeDownUnreadable(_ name: String) throws(NetworkError) {
        let bridge = instance.bridge(network: name)
        let containers = try NetworkError.during("list the endpoints of network '\(name)'") {
            () throws(SystemCallError) -> [String] in
            let routes = try RouteSocket()
            let leases = leases(of: name)
            var containers: [String] = []
            for entry in try leases.entries() where !entry.isAbandoned {
                guard let lease = try leases.lease(entry),
                    try routes.link(named: lease.endpoint.hostInterface) != nil
                else { continue }
                containers.append(entry.containerID)
            }
            return containers
        }
        guard containers.isEmpty else { throw .inUse(name, containers: containers) }
        try NetworkError.during("remove network '\(name)'") { () throws(SystemCallError) in
            let routes = try RouteSocket()
            if let link = try routes.link(named: bridge), instance.isOwner(ofAlias: link.alias) {
                try routes.apply([.deleteLink(bridge)])
            }
            try NeighbourFilters(owner: instance.name).forget(bridge)
            if try NFTables.exists(.inet, table: instance.name) {
                try NFTables.run(firewall.removal)
            }
            try leases(of: name).removeAll()
            try ignoring(.noSuchFileOrDirectory, try FileSystem.removeFile(file(name)))
        }
        for other in try all() {
            try bringUp(other, try BridgeOptions(other.specification))
            try restorePorts(of: other)
        }
    }

    /// Deletes interfaces of containers that have exited, where the kernel has not done so yet.
    private func deleteInterfaces(
        of network: BridgeNetwork,
        _ routes: borrowing RouteSocket
    ) throws(SystemCallError) {
        let leases = leases(of: network.name)
        let group = UInt32.random(in: 0x1000_0000 ... .max)
        var isEmpty = true
        for entry in try leases.entries() {
            guard let name = try leases.lease(entry)?.endpoint.hostInterface,
                try routes.link(named: name) != nil
            else { continue }
            try ignoring(.noSuchDevice, try routes.apply([.setGroup(group, of: name)]))
            isEmpty = false
        }
        guard !isEmpty else { return }
        // The kernel may have removed the last of them by now.
        try ignoring(.noSuchDevice, try routes.apply([.deleteGroup(group)]))
    }

    private func hasRules() throws(SystemCallError) -> Bool {
        try NFTables.exists(.inet, table: instance.name, chain: Firewall.revision)
    }

    /// The host's bridges with a port that is not the end of a virtual machine's or container's
    /// interface: they lead to physical networks.
    private func uplinkBridges() throws(SystemCallError) -> [String] {
        let links = try RouteSocket().links()
        let masters = Set(
            links.filter { !["veth", "tun"].contains($0.kind) }.compactMap(\.master)
        )
        return links.filter { $0.kind == "bridge" && masters.contains($0.index) }.map(\.name)
    }

    private func bridge(
        of network: BridgeNetwork,
        _ routes: borrowing RouteSocket
    ) throws(NetworkError) -> Link? {
        try NetworkError.during("look for bridge \(network.bridge)") {
            () throws(SystemCallError) in try routes.link(named: network.bridge)
        }
    }

    private func makeBridge(
        _ network: BridgeNetwork,
        _ options: BridgeOptions
    ) throws(NetworkError) {
        try NetworkError.during("create bridge \(network.bridge) of network '\(network.name)'") {
            () throws(SystemCallError) in
            let routes = try RouteSocket()
            if try !hasBridge(network, routes) {
                try routes.apply([
                    .createBridge(
                        network.bridge,
                        hardwareAddress: HardwareAddress(for: network.pools[0].gateway).bytes,
                        mtu: options.mtu
                    )
                ])
                // In a request of its own, so that an interface that is not ours keeps its alias.
                try routes.apply([.setAlias(alias(of: network), of: network.bridge)])
            }
            try setParameters(of: network)
            guard let link = try routes.link(named: network.bridge) else { return }
            let pools = network.pools.filter {
                options.hasBridgeAddress(isIPv4: $0.subnet.isIPv4)
            }
            guard !pools.isEmpty else { return }
            try routes.apply(
                pools.map {
                    .addAddress(
                        $0.gateway.bytes,
                        prefixLength: $0.subnet.prefixLength,
                        link: link.index
                    )
                }
            )
        }
    }

    /// Whether the network's bridge exists; another interface of ours with its name is deleted.
    private func hasBridge(
        _ network: BridgeNetwork,
        _ routes: borrowing RouteSocket
    ) throws(SystemCallError) -> Bool {
        guard let link = try routes.link(named: network.bridge) else { return false }
        if link.alias == alias(of: network) { return true }
        if isOurs(link, network) { try routes.apply([.deleteLink(network.bridge)]) }
        return false
    }

    /// Whether this store created the interface: for an earlier network of that name, or without
    /// having set its alias yet.
    private func isOurs(_ link: Link, _ network: BridgeNetwork) -> Bool {
        if let alias = link.alias { return instance.isOwner(ofAlias: alias) }
        guard link.kind == "bridge" else { return false }
        return link.name == instance.bridge(network: network.name)
            || link.hardwareAddress == HardwareAddress(for: network.pools[0].gateway).bytes
    }

    private func alias(of network: BridgeNetwork) -> String {
        instance.alias("network \(network.name) \(network.id.prefix(12))")
    }

    /// Disables IPv6 on a bridge without it. On one with it, disables duplicate address detection,
    /// since its address is known to be free, and router advertisements.
    private func setParameters(of network: BridgeNetwork) throws(SystemCallError) {
        let directory = "ipv6/conf/\(network.bridge)"
        guard network.ipv6 != nil else {
            return try KernelParameter.set("\(directory)/disable_ipv6", to: "1")
        }
        try KernelParameter.set("\(directory)/disable_ipv6", to: "0")
        try KernelParameter.set("\(directory)/accept_dad", to: "0")
        try KernelParameter.set("\(directory)/accept_ra", to: "0")
    }

    /// Makes the host a router, as Docker does when it creates its first network.
    private func enableForwarding(for network: BridgeNetwork) throws(NetworkError) {
        try NetworkError.during("enable packet forwarding (sysctl net.ipv4.ip_forward)") {
            () throws(SystemCallError) in
            if network.ipv4 != nil { try KernelParameter.require("ipv4/ip_forward", "1") }
            if network.ipv6 != nil { try KernelParameter.require("ipv6/conf/all/forwarding", "1") }
        }
    }
}
