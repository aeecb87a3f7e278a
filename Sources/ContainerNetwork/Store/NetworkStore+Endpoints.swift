import Addresses
public import Linux
import SystemPackage

extension NetworkStore {
    /// Attaches a container to the network: creates a veth pair between the bridge and `namespace`,
    /// with addresses and routes, and brings its loopback interface up.
    ///
    /// Replaces an endpoint that the container had before. The calling thread temporarily enters
    /// `namespace`.
    public func attach(
        _ name: String,
        to namespace: borrowing Descriptor,
        endpoint specification: EndpointSpecification
    ) throws(NetworkError) -> Endpoint {
        try locked { () throws(NetworkError) in
            guard let network = try network(name) else { throw .noSuchNetwork(name) }
            let options = try BridgeOptions(network.specification)
            let parameters = try EndpointParameters(specification, network: name)
            let attachment = try Attachment(network, namespace, specification, instance)
            let master = try ensureUp(network, attachment.host)
            let taken = try entries(of: network, besides: specification)
            let endpoint = try plan(specification, on: network, attachment, besides: taken)
            try write(Lease(endpoint: endpoint, ports: []))
            do throws(SystemCallError) {
                try attachment.connect(endpoint, specification, namespace, options, master)
                try parameters.apply(to: endpoint.interface, in: namespace)
            } catch {
                // The first error is the one to report.
                try? remove(endpoint)
                throw .refused(
                    doing: "attach container \(endpoint.containerID) to network '\(name)'",
                    error
                )
            }
            // Written again to notify other processes, which ignore an endpoint whose interface
            // does not exist yet.
            try write(Lease(endpoint: endpoint, ports: []))
            return endpoint
        }
    }

    /// Makes the default routes of a container lead through one of its endpoints.
    ///
    /// The calling thread temporarily enters `namespace`.
    public func lead(
        _ namespace: borrowing Descriptor,
        through endpoint: Endpoint
    ) throws(NetworkError) {
        try NetworkError.during("set the default route of container \(endpoint.containerID)") {
            () throws(SystemCallError) in
            let routes = try NetworkNamespace.inside(namespace) {
                () throws(SystemCallError) -> RouteSocket in try RouteSocket()
            }
            guard let link = try routes.link(named: endpoint.interface) else { return }
            let gateways = [endpoint.ipv4Gateway, endpoint.ipv6Gateway].compactMap(\.self)
            try routes.apply(gateways.map { .addDefaultRoute(gateway: $0.bytes, link: link.index) })
        }
    }

    /// Changes the names by which containers of other processes find an endpoint.
    public func rename(_ endpoint: Endpoint) throws(NetworkError) {
        try locked { () throws(NetworkError) in
            try NetworkError.during("rename the endpoint of container \(endpoint.containerID)") {
                () throws(SystemCallError) in
                let leases = leases(of: endpoint.network)
                guard var lease = try leases.lease(of: endpoint) else { return }
                lease.endpoint.names = endpoint.names
                try leases.write(lease)
            }
        }
    }

    /// Takes back the ports published at an endpoint.
    public func unpublish(_ endpoint: Endpoint) throws(NetworkError) {
        try locked { () throws(NetworkError) in
            try NetworkError.during("take back ports of container \(endpoint.containerID)") {
                () throws(SystemCallError) in
                let leases = leases(of: endpoint.network)
                guard var lease = try leases.lease(of: endpoint), !lease.ports.isEmpty else {
                    return
                }
                try removePorts(of: lease)
                lease.ports = []
                try leases.write(lease)
            }
        }
    }

    /// Removes an endpoint with its published ports, including a partially removed one.
    public func detach(_ endpoint: Endpoint) throws(NetworkError) {
        try locked { () throws(NetworkError) in try remove(endpoint) }
    }

    /// Removes the published ports of a container that has exited, and leaves its interface to the
    /// kernel, which deletes it with the network namespace: `detach` would wait for that, some ten
    /// milliseconds. The address is free once the interface no longer exists.
    public func abandon(_ endpoint: Endpoint) throws(NetworkError) {
        try locked { () throws(NetworkError) in
            try NetworkError.during("record the exit of container \(endpoint.containerID)") {
                () throws(SystemCallError) in
                let leases = leases(of: endpoint.network)
                guard var lease = try leases.lease(of: endpoint), !lease.isAbandoned else { return }
                try removePorts(of: lease)
                lease.ports = []
                lease.isAbandoned = true
                try leases.write(lease)
            }
        }
    }

    /// Releases every endpoint of a container, found by its id alone, also on networks whose
    /// descriptions cannot be read.
    public func abandonEndpoints(ofContainer id: String) throws(NetworkError) {
        let endpoints = try NetworkError.during("list the endpoints of container \(id)") {
            () throws(SystemCallError) -> [Endpoint] in
            guard FileSystem.exists(directory) else { return [] }
            var endpoints: [Endpoint] = []
            for file in try FileSystem.entries(of: directory) where file.hasSuffix(".leases") {
                let leases = Leases(directory: directory.appending(file))
                for entry in try leases.entries() where entry.containerID == id {
                    if let lease = try leases.lease(entry) { endpoints.append(lease.endpoint) }
                }
            }
            return endpoints
        }
        for endpoint in endpoints { try abandon(endpoint) }
    }

    /// The endpoints of a network's running containers, except those in `excluded`.
    public func endpoints(
        of name: String,
        excluding excluded: Set<String> = []
    ) throws(NetworkError) -> [Endpoint] {
        guard let network = try network(name) else { throw .noSuchNetwork(name) }
        return try liveEndpoints(of: network, excluding: excluded)
    }

    /// The endpoints whose veth pair exists: the kernel removes it together with the container.
    func liveEndpoints(
        of network: BridgeNetwork,
        excluding excluded: Set<String> = []
    ) throws(NetworkError) -> [Endpoint] {
        try NetworkError.during("list the endpoints of network '\(network.name)'") {
            () throws(SystemCallError) in
            let leases = leases(of: network.name)
            let routes = try RouteSocket()
            var endpoints: [Endpoint] = []
            for entry in try leases.entries()
            where !entry.isAbandoned && !excluded.contains(entry.containerID) {
                guard let endpoint = try leases.lease(entry)?.endpoint,
                    try routes.link(named: endpoint.hostInterface) != nil
                else { continue }
                endpoints.append(endpoint)
            }
            return endpoints
        }
    }

    func write(_ lease: Lease) throws(NetworkError) {
        try NetworkError.during(
            "record an endpoint of network '\(lease.endpoint.network)'",
            try leases(of: lease.endpoint.network).write(lease)
        )
    }

    /// Undoes `attach` and `publish`.
    func remove(_ endpoint: Endpoint) throws(NetworkError) {
        try NetworkError.during("detach a container from network '\(endpoint.network)'") {
            () throws(SystemCallError) in
            let leases = leases(of: endpoint.network)
            if let lease = try leases.lease(of: endpoint) { try removePorts(of: lease) }
            try deleteInterface(endpoint.hostInterface)
            try leases.remove(endpoint)
        }
    }

    private func deleteInterface(_ name: String) throws(SystemCallError) {
        let routes = try RouteSocket()
        guard try routes.link(named: name) != nil else { return }
        // The kernel may have removed it in between, together with its container.
        try ignoring(.noSuchDevice, try routes.apply([.deleteLink(name)]))
    }

    /// The leases of other containers, without those of containers that have exited; the
    /// container's own old ones are removed, and those of exited containers whose addresses it
    /// prefers.
    private func entries(
        of network: BridgeNetwork,
        besides specification: EndpointSpecification
    ) throws(NetworkError) -> [Leases.Entry] {
        let leases = leases(of: network.name)
        var others: [Leases.Entry] = []
        for entry in try entries(leases) {
            let isWanted =
                entry.isAbandoned
                && entry.addresses.contains(where: specification.preferredAddresses.contains)
            if entry.containerID == specification.containerID || isWanted {
                try drop(entry, leases)
            } else {
                others.append(entry)
            }
        }
        guard others.contains(where: \.isAbandoned) else { return others }
        _ = try dropStaleLeases(of: network)
        return try self.entries(leases)
    }

    /// Chooses addresses and names. An address whose container has exited is free.
    private func plan(
        _ specification: EndpointSpecification,
        on network: BridgeNetwork,
        _ attachment: borrowing Attachment,
        besides taken: [Leases.Entry]
    ) throws(NetworkError) -> Endpoint {
        do {
            return try attachment.plan(specification, network, leased: owners(taken))
        } catch {
            guard try dropStaleLeases(of: network, all: true) else { throw error }
            let left = try entries(leases(of: network.name))
            return try attachment.plan(specification, network, leased: owners(left))
        }
    }

    /// The container that holds each leased address.
    private func owners(_ entries: [Leases.Entry]) -> [IPAddress: String] {
        var owners: [IPAddress: String] = [:]
        for entry in entries {
            for address in entry.addresses { owners[address] = entry.containerID }
        }
        return owners
    }

    func entries(_ leases: Leases) throws(NetworkError) -> [Leases.Entry] {
        try NetworkError.during("list leases in \(leases.directory)", try leases.entries())
    }

    func lease(_ entry: Leases.Entry, _ leases: Leases) throws(NetworkError) -> Lease? {
        try NetworkError.during("read a lease in \(leases.directory)", try leases.lease(entry))
    }

    /// Removes a lease with its endpoint.
    func drop(_ entry: Leases.Entry, _ leases: Leases) throws(NetworkError) {
        if let lease = try lease(entry, leases) { return try remove(lease.endpoint) }
        try NetworkError.during(
            "remove a lease in \(leases.directory)",
            try leases.remove(entry)
        )
    }
}
