import Addresses
import Linux
import SystemPackage

extension NetworkStore {
    /// Translates packets to host ports to the container, in the kernel. Idempotent.
    ///
    /// Loopback addresses, and IPv6 to a container without it, cannot be translated by the kernel:
    /// the `PortForwarder` serves them. A network that publishes no ports is left unchanged.
    public func publish(_ ports: [PortMapping], to endpoint: Endpoint) throws(NetworkError) {
        try locked { () throws(NetworkError) in
            guard let network = try network(endpoint.network), network.id == endpoint.networkID
            else { throw .noSuchNetwork(endpoint.network) }
            guard try network.access().publication != .nowhere else { return }
            let new = try record(ports, of: endpoint)
            let operation = "publish ports of container \(endpoint.containerID)"
            let isDone = try NetworkError.during(operation) { () throws(SystemCallError) in
                if !new.isEmpty { try RouteSocket().apply([.reflect(endpoint.hostInterface)]) }
                do throws(SystemCallError) {
                    try add(new)
                    return true
                } catch  where error.reason == .fileExists {
                    return false
                }
            }
            guard !isDone else { return }
            // A container that exited unnoticed left its ports behind.
            for network in try all() { _ = try dropStaleLeases(of: network, all: true) }
            try NetworkError.during(operation) { () throws(SystemCallError) in
                for entry in new { try replace(entry) }
            }
        }
    }

    /// Lets ports that are published to one container lead to another, in one transaction of the
    /// packet filter, so that no connection is refused in between.
    ///
    /// Established connections stay with the first container.
    public func move(
        _ ports: [PortMove],
        from old: Endpoint,
        to new: Endpoint
    ) throws(NetworkError) {
        try locked { () throws(NetworkError) in
            let added = try record(ports.map(\.new), of: new)
            let former = Set(ports.map(\.old))
            let removed = entries(Array(former), old)
            try NetworkError.during("move ports to container \(new.containerID)") {
                () throws(SystemCallError) in
                try RouteSocket().apply([.reflect(new.hostInterface)])
                try exchange(removed, for: added)
                let leases = leases(of: old.network)
                guard var lease = try leases.lease(of: old) else { return }
                lease.ports = lease.ports(besides: former)
                try leases.write(lease)
            }
            forgetDatagrams(of: Lease(endpoint: old, ports: Array(former)))
        }
    }

    private func exchange(
        _ old: [Firewall.Entry],
        for new: [Firewall.Entry]
    ) throws(SystemCallError) {
        guard !old.isEmpty || !new.isEmpty else { return }
        do {
            try NFTables.run(firewall.removing(old) + firewall.adding(new))
        } catch  where error.reason == .noSuchFileOrDirectory {
            // Another program has removed some of the old ones, which fails the transaction.
            for entry in new { try replace(entry) }
        }
    }

    /// Records `ports` first, so that everything that follows can be undone; returns the entries
    /// that are new.
    private func record(
        _ ports: [PortMapping],
        of endpoint: Endpoint
    ) throws(NetworkError) -> [Firewall.Entry] {
        try NetworkError.during("record ports of container \(endpoint.containerID)") {
            () throws(SystemCallError) in
            let leases = leases(of: endpoint.network)
            var lease = try leases.lease(of: endpoint) ?? Lease(endpoint: endpoint, ports: [])
            let new = ports.filter { !lease.ports.contains($0) }
            lease.ports += new
            try leases.write(lease)
            return entries(new, endpoint)
        }
    }

    /// Publishes the ports recorded in leases again, after the rules were lost.
    func restorePorts(of network: BridgeNetwork) throws(NetworkError) {
        let leases = leases(of: network.name)
        for entry in try entries(leases) {
            guard let lease = try lease(entry, leases) else { continue }
            try NetworkError.during(
                "publish ports of network '\(network.name)' again",
                try add(entries(lease.ports, lease.endpoint))
            )
        }
    }

    /// Removes a lease's ports from the kernel, where they still lead to its endpoint.
    func removePorts(of lease: Lease) throws(SystemCallError) {
        let entries = entries(lease.ports, lease.endpoint)
        guard !entries.isEmpty, try NFTables.exists(.inet, table: instance.name) else { return }
        defer { forgetDatagrams(of: lease) }
        do {
            try NFTables.run(firewall.removing(entries))
        } catch  where error.reason == .noSuchFileOrDirectory {
            // Some are missing, which fails the whole transaction: remove them one by one.
            for entry in entries {
                try ignoring(.noSuchFileOrDirectory, try NFTables.run(firewall.removing([entry])))
            }
        }
    }

    private func forgetDatagrams(of lease: Lease) {
        guard lease.ports.contains(where: { $0.protocol == .udp }) else { return }
        for address in lease.endpoint.addresses {
            // Otherwise the kernel forgets a sender only once it pauses.
            try? ConnectionTracking.forget(answeredBy: address.bytes)
        }
    }

    private func entries(_ ports: [PortMapping], _ endpoint: Endpoint) -> [Firewall.Entry] {
        ports.flatMap { Firewall.entries(for: $0, to: endpoint) }
    }

    private func add(_ entries: [Firewall.Entry]) throws(SystemCallError) {
        guard !entries.isEmpty else { return }
        try NFTables.run(firewall.adding(entries))
    }

    private func replace(_ entry: Firewall.Entry) throws(SystemCallError) {
        try ignoring(.noSuchFileOrDirectory, try NFTables.run(firewall.removing([entry])))
        try NFTables.run(firewall.adding([entry]))
    }
}
