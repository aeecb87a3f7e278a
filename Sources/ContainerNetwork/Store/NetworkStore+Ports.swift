import Addresses
import Linux
import SystemPackage

extension NetworkStore {
    /// Leads packets that arrive for a host port to the container, in the kernel.
    ///
    /// What is published already stays. Loopback addresses, and IPv6 to a container without it,
    /// have no way through the kernel: the `PortForwarder` serves them. An internal network is
    /// not reached from outside at all.
    public func publish(_ ports: [PortMapping], to endpoint: Endpoint) throws(NetworkError) {
        try locked { () throws(NetworkError) in
            guard let network = try network(endpoint.network), network.id == endpoint.networkID
            else { throw .noSuchNetwork(endpoint.network) }
            guard !network.isInternal else { return }
            let new = try note(ports, of: endpoint)
            let isDone = try doing("publish ports of container \(endpoint.containerID)") {
                () throws(SystemCallError) in
                if !new.isEmpty { try RouteSocket().apply([.reflect(endpoint.hostInterface)]) }
                do throws(SystemCallError) {
                    try add(new)
                    return true
                } catch  where error.reason == .fileExists {
                    return false
                }
            }
            guard !isDone else { return }
            // A container that ended without notice left its ports behind.
            for network in try all() { _ = try dropDeadLeases(of: network, all: true) }
            try doing("publish ports of container \(endpoint.containerID)") {
                () throws(SystemCallError) in
                for entry in new { try replace(entry) }
            }
        }
    }

    /// First the note, so that whatever is done can be taken back; gives what is not there yet.
    private func note(
        _ ports: [PortMapping],
        of endpoint: Endpoint
    ) throws(NetworkError) -> [Firewall.Entry] {
        try doing("note ports of container \(endpoint.containerID)") {
            () throws(SystemCallError) in
            let leases = leases(of: endpoint.network)
            var lease = try leases.lease(of: endpoint) ?? Lease(endpoint: endpoint, ports: [])
            let new = ports.filter { !lease.ports.contains($0) }
            lease.ports += new
            try leases.write(lease)
            return entries(new, endpoint)
        }
    }

    /// Takes `ports` back; one that is not published is fine.
    public func unpublish(_ ports: [PortMapping], from endpoint: Endpoint) throws(NetworkError) {
        try locked { () throws(NetworkError) in
            try doing("take back ports of container \(endpoint.containerID)") {
                () throws(SystemCallError) in
                let leases = leases(of: endpoint.network)
                guard var lease = try leases.lease(of: endpoint) else { return }
                let old = ports.filter { lease.ports.contains($0) }
                try removePorts(of: Lease(endpoint: endpoint, ports: old))
                lease.ports.removeAll { old.contains($0) }
                try leases.write(lease)
            }
        }
    }

    /// Publishes again what leases say, after the rules were lost.
    func restorePorts(of network: BridgeNetwork) throws(NetworkError) {
        let leases = leases(of: network.name)
        for entry in try entries(leases) {
            try doing("publish ports of network '\(network.name)' again") {
                () throws(SystemCallError) in
                guard let lease = try leases.lease(entry) else { return }
                try add(self.entries(lease.ports, lease.endpoint))
            }
        }
    }

    /// Takes a lease's ports out of the kernel, where they still lead to its endpoint.
    func removePorts(of lease: Lease) throws(SystemCallError) {
        let entries = entries(lease.ports, lease.endpoint)
        guard !entries.isEmpty, try NFTables.exists(.inet, table: instance.name) else { return }
        defer { forgetDatagrams(of: lease) }
        let filter = try NFTables()
        do {
            try filter.run(firewall.removing(entries))
        } catch  where error.reason == .noSuchFileOrDirectory {
            // Some are gone: take the others one by one.
            for entry in entries {
                try ignoring(.noSuchFileOrDirectory) { () throws(SystemCallError) in
                    try filter.run(firewall.removing([entry]))
                }
            }
        }
    }

    private func forgetDatagrams(of lease: Lease) {
        guard lease.ports.contains(where: { $0.protocol == .udp }) else { return }
        for address in lease.endpoint.addresses {
            // A kernel that cannot do this forgets by itself when a sender pauses.
            try? ConnectionTracking.forget(answeredBy: address.bytes)
        }
    }

    private func entries(_ ports: [PortMapping], _ endpoint: Endpoint) -> [Firewall.Entry] {
        ports.flatMap { Firewall.entries(for: $0, to: endpoint) }
    }

    private func add(_ entries: [Firewall.Entry]) throws(SystemCallError) {
        guard !entries.isEmpty else { return }
        try NFTables().run(firewall.adding(entries))
    }

    private func replace(_ entry: Firewall.Entry) throws(SystemCallError) {
        let filter = try NFTables()
        try ignoring(.noSuchFileOrDirectory) { () throws(SystemCallError) in
            try filter.run(firewall.removing([entry]))
        }
        try filter.run(firewall.adding([entry]))
    }
}
