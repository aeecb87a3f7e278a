import Addresses
import Linux
import SystemPackage

extension NetworkStore {
    /// Makes the kernel have the network, whatever part of it is there already: after a reboot
    /// nothing is, after `nft flush ruleset` no rules are.
    func bringUp(_ network: BridgeNetwork, _ options: BridgeOptions) throws(NetworkError) {
        try makeBridge(network, options)
        if !network.isInternal { try letPacketsThrough(network) }
        _ = try doing("set packet filter rules of network '\(network.name)'") {
            () throws(SystemCallError) in
            let installation = try hasRules() ? "" : firewall.installation
            try NFTables().run(installation + firewall.adding(network, options))
        }
        if !network.isInternal {
            try doing("let other packet filters accept network '\(network.name)'") {
                () throws(SystemCallError) in
                try NeighbourFilters(owner: instance.name).admit(network.bridge)
            }
        }
        // Last, because a bridge that is up is taken for a network that is complete.
        try doing("bring up bridge \(network.bridge) of network '\(network.name)'") {
            () throws(SystemCallError) in
            try RouteSocket().apply([.bringUp(network.bridge)])
        }
    }

    /// Brings the network up only if something is missing; returns its bridge's index.
    func ensureUp(
        _ network: BridgeNetwork,
        _ routes: borrowing RouteSocket
    ) throws(NetworkError) -> UInt32 {
        let isComplete = try doing("look for packet filter rules") { () throws(SystemCallError) in
            try hasRules()
        }
        if isComplete, let link = try bridge(of: network, routes), link.isUp { return link.index }
        for other in try all() {
            // Rules of all networks went together.
            try bringUp(other, try BridgeOptions(other.specification))
            try restorePorts(of: other)
        }
        guard let link = try bridge(of: network, routes) else {
            throw .noSuchNetwork(network.name)
        }
        return link.index
    }

    /// Removes the network from kernel and disk, whatever part of it is there.
    ///
    /// The bridge goes first, because one that is there is taken to have its rules; the file goes
    /// last, so that whatever is left is known.
    func takeDown(_ network: BridgeNetwork) throws(NetworkError) {
        let others = try all().filter { $0.name != network.name }
        try doing("remove network '\(network.name)'") { () throws(SystemCallError) in
            let routes = try RouteSocket()
            if let link = try routes.link(named: network.bridge), isOurs(link, network) {
                try routes.apply([.deleteLink(network.bridge)])
            }
            try NeighbourFilters(owner: instance.name).forget(network.bridge)
            if others.isEmpty {
                try NFTables().run(firewall.removal)
            } else if try NFTables.exists(.inet, table: instance.name) {
                try NFTables().run(firewall.removing(network))
            }
            try deleteInterfaces(of: network, routes)
            try leases(of: network.name).removeAll()
            try ignoring(.noSuchFileOrDirectory) { () throws(SystemCallError) in
                try FileSystem.removeFile(file(network.name))
            }
        }
    }

    /// Deletes interfaces of containers that have ended, where the kernel has not done so yet.
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
            try ignoring(.noSuchDevice) { () throws(SystemCallError) in
                try routes.apply([.setGroup(group, of: name)])
                isEmpty = false
            }
        }
        guard !isEmpty else { return }
        // The last of them may have gone by now.
        try ignoring(.noSuchDevice) { () throws(SystemCallError) in
            try routes.apply([.deleteGroup(group)])
        }
    }

    private func hasRules() throws(SystemCallError) -> Bool {
        try NFTables.exists(.inet, table: instance.name, chain: Firewall.revision)
    }

    private func bridge(
        of network: BridgeNetwork,
        _ routes: borrowing RouteSocket
    ) throws(NetworkError) -> Link? {
        try doing("look for bridge \(network.bridge)") { () throws(SystemCallError) in
            try routes.link(named: network.bridge)
        }
    }

    private func makeBridge(
        _ network: BridgeNetwork,
        _ options: BridgeOptions
    ) throws(NetworkError) {
        try doing("make bridge \(network.bridge) of network '\(network.name)'") {
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
                // Not together: what follows must not happen to an interface that is not ours.
                try routes.apply([.setAlias(alias(of: network), of: network.bridge)])
            }
            try setParameters(of: network)
            guard let link = try routes.link(named: network.bridge) else { return }
            try routes.apply(
                network.pools.map {
                    .addAddress(
                        $0.gateway.bytes,
                        prefixLength: $0.subnet.prefixLength,
                        link: link.index
                    )
                }
            )
        }
    }

    /// Whether the network's bridge is there; what else of ours has its name is removed.
    private func hasBridge(
        _ network: BridgeNetwork,
        _ routes: borrowing RouteSocket
    ) throws(SystemCallError) -> Bool {
        guard let link = try routes.link(named: network.bridge) else { return false }
        if link.alias == alias(of: network) { return true }
        if isOurs(link, network) { try routes.apply([.deleteLink(network.bridge)]) }
        return false
    }

    /// Whether a store like this made the interface: for a network of that name that had another
    /// id, or without getting as far as its note.
    private func isOurs(_ link: Link, _ network: BridgeNetwork) -> Bool {
        if let alias = link.alias { return instance.isOwner(ofAlias: alias) }
        guard link.kind == "bridge" else { return false }
        return link.name == instance.bridge(network: network.name)
            || link.hardwareAddress == HardwareAddress(for: network.pools[0].gateway).bytes
    }

    private func alias(of network: BridgeNetwork) -> String {
        instance.alias("network \(network.name) \(network.id.prefix(12))")
    }

    /// Without IPv6 a bridge is silent in that family; with it, its address is sure to be free
    /// and nobody else on it is a router.
    private func setParameters(of network: BridgeNetwork) throws(SystemCallError) {
        let directory = "ipv6/conf/\(network.bridge)"
        guard network.ipv6 != nil else {
            return try KernelParameter.set("\(directory)/disable_ipv6", to: "1")
        }
        try KernelParameter.set("\(directory)/disable_ipv6", to: "0")
        try KernelParameter.set("\(directory)/accept_dad", to: "0")
        try KernelParameter.set("\(directory)/accept_ra", to: "0")
    }

    /// Makes the host a router, as Docker does when its first network is made.
    private func letPacketsThrough(_ network: BridgeNetwork) throws(NetworkError) {
        try doing("make this machine forward packets (sysctl net.ipv4.ip_forward)") {
            () throws(SystemCallError) in
            if network.ipv4 != nil { try KernelParameter.require("ipv4/ip_forward", "1") }
            if network.ipv6 != nil { try KernelParameter.require("ipv6/conf/all/forwarding", "1") }
        }
    }
}
