import Addresses
public import Linux
import SystemPackage

extension NetworkStore {
    /// Attaches a container to the network: a veth pair between the bridge and `namespace`, with
    /// addresses, and routes. Its loopback interface is brought up too.
    ///
    /// A container that was attached before, and whose endpoint was left behind, gets a new one.
    /// The calling thread visits `namespace` and comes back.
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
            let taken = try entries(of: network, removing: specification.containerID)
            let endpoint = try plan(specification, on: network, attachment, besides: taken)
            try write(Lease(endpoint: endpoint, ports: []))
            do throws(SystemCallError) {
                try attachment.connect(endpoint, specification, namespace, network, options, master)
                try parameters.apply(to: endpoint.interface, in: namespace)
                return endpoint
            } catch {
                // The first fault is the one to tell.
                try? remove(endpoint)
                throw .refused(
                    doing: "attach container \(endpoint.containerID) to network '\(name)'",
                    error
                )
            }
        }
    }

    /// Removes an endpoint with its published ports, whatever part of it is there.
    public func detach(_ endpoint: Endpoint) throws(NetworkError) {
        try locked { () throws(NetworkError) in try remove(endpoint) }
    }

    /// Takes back what leads to a container that has ended, and leaves its interface to the
    /// kernel, which deletes it with the network namespace in its own time: deleting it by
    /// `detach` waits for that, some ten milliseconds. The address is given to others once the
    /// interface is gone.
    public func abandon(_ endpoint: Endpoint) throws(NetworkError) {
        try locked { () throws(NetworkError) in
            try doing("note the end of container \(endpoint.containerID)") {
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

    /// The endpoints of a network whose containers are still there.
    public func endpoints(of name: String) throws(NetworkError) -> [Endpoint] {
        guard let network = try network(name) else { throw .noSuchNetwork(name) }
        return try liveLeases(of: network)
    }

    /// Endpoints whose veth pair exists: the kernel removes it together with the container.
    func liveLeases(of network: BridgeNetwork) throws(NetworkError) -> [Endpoint] {
        try doing("list the endpoints of network '\(network.name)'") {
            () throws(SystemCallError) in
            let leases = leases(of: network.name)
            let routes = try RouteSocket()
            var endpoints: [Endpoint] = []
            for entry in try leases.entries() {
                guard !entry.isAbandoned, let endpoint = try leases.lease(entry)?.endpoint else {
                    continue
                }
                if try routes.link(named: endpoint.hostInterface) != nil {
                    endpoints.append(endpoint)
                }
            }
            return endpoints
        }
    }

    func write(_ lease: Lease) throws(NetworkError) {
        try doing("note an endpoint of network '\(lease.endpoint.network)'") {
            () throws(SystemCallError) in
            try leases(of: lease.endpoint.network).write(lease)
        }
    }

    /// Takes back what `attach` and `publish` did.
    func remove(_ endpoint: Endpoint) throws(NetworkError) {
        try doing("detach a container from network '\(endpoint.network)'") {
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
        // Its container may just have ended and taken it along.
        try ignoring(.noSuchDevice) { () throws(SystemCallError) in
            try routes.apply([.deleteLink(name)])
        }
    }

    /// The leases of others, without a container's old ones and those of containers that are gone.
    private func entries(
        of network: BridgeNetwork,
        removing containerID: String
    ) throws(NetworkError) -> [Leases.Entry] {
        let leases = leases(of: network.name)
        let entries = try entries(leases)
        for entry in entries where entry.containerID == containerID { try drop(entry, leases) }
        let others = entries.filter { $0.containerID != containerID }
        guard others.contains(where: \.isAbandoned) else { return others }
        _ = try dropDeadLeases(of: network)
        return try self.entries(leases)
    }

    /// Chooses addresses and names. An address that only a dead container holds is free.
    private func plan(
        _ specification: EndpointSpecification,
        on network: BridgeNetwork,
        _ attachment: borrowing Attachment,
        besides taken: [Leases.Entry]
    ) throws(NetworkError) -> Endpoint {
        do {
            return try attachment.plan(specification, network, leased: owners(taken))
        } catch {
            guard try dropDeadLeases(of: network, all: true) else { throw error }
            let left = try entries(leases(of: network.name))
            return try attachment.plan(specification, network, leased: owners(left))
        }
    }

    /// Whose each leased address is.
    private func owners(_ entries: [Leases.Entry]) -> [IPAddress: String] {
        var owners: [IPAddress: String] = [:]
        for entry in entries {
            for address in entry.addresses { owners[address] = entry.containerID }
        }
        return owners
    }

    func entries(_ leases: Leases) throws(NetworkError) -> [Leases.Entry] {
        try doing("list leases in \(leases.directory)") { () throws(SystemCallError) in
            try leases.entries()
        }
    }

    /// Removes a lease with all it stands for.
    func drop(_ entry: Leases.Entry, _ leases: Leases) throws(NetworkError) {
        let lease = try doing("read a lease in \(leases.directory)") {
            () throws(SystemCallError) in
            try leases.lease(entry)
        }
        if let lease { return try remove(lease.endpoint) }
        try doing("remove a lease in \(leases.directory)") { () throws(SystemCallError) in
            try leases.remove(entry)
        }
    }
}
