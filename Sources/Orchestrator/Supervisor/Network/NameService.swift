import Addresses
import ContainerNetwork
import Linux

/// Resolves names for the containers of one supervisor, from values that are updated by events.
///
/// A query is answered from memory. A network's zone changes when this supervisor connects or
/// disconnects a container, and when another process attaches or detaches one.
final class NameService {
    /// A connected container of this supervisor.
    private struct Client {
        /// Its networks, by descending precedence.
        var networks: [String]
        var links: [String: String]
    }

    private let store: NetworkStore
    private let declared: DeclaredNames
    private let loop: EventLoop
    private lazy var server = NameServer(loop: loop) { [unowned self] lookup, container in
        answer(lookup, for: container)
    }
    private var watcher: EndpointWatcher?
    private var zones: [String: NameZone] = [:]
    private var clients: [String: Client] = [:]

    init(_ store: NetworkStore, _ declared: DeclaredNames, loop: EventLoop) {
        self.store = store
        self.declared = declared
        self.loop = loop
    }

    /// Publishes a container's names on its networks and starts answering its queries.
    func connect(
        _ record: ContainerRecord,
        _ endpoints: [Endpoint],
        in namespace: borrowing Descriptor,
        forwards: Bool
    ) throws(NetworkError) {
        let attachments = record.attachmentsByPrecedence
        clients[record.id] = Client(
            networks: attachments.map(\.network),
            links: attachments.reduce(into: [:]) { links, attachment in
                for (alias, target) in attachment.links where links[alias.lowercased()] == nil {
                    links[alias.lowercased()] = target
                }
            }
        )
        for endpoint in endpoints {
            if zones[endpoint.network] == nil { openZone(endpoint.network) }
            zones[endpoint.network]?.insert(endpoint)
        }
        try server.serve(
            record.id,
            in: namespace,
            upstreams: record.names.servers.compactMap { IPAddress($0) },
            forwards: forwards,
            reachesIPv6: endpoints.contains { $0.ipv6 != nil }
        )
    }

    /// Changes the names of a connected container to those of its endpoints.
    func rename(_ endpoints: [Endpoint]) {
        for endpoint in endpoints { zones[endpoint.network]?.insert(endpoint) }
    }

    /// Removes a container's names and stops answering its queries, if it is connected.
    func disconnect(_ containerID: String) {
        server.stop(serving: containerID)
        guard let client = clients.removeValue(forKey: containerID) else { return }
        for network in client.networks {
            zones[network]?.remove(containerID)
            if clients(on: network).isEmpty { closeZone(network) }
        }
    }

    /// Reads the names of stopped containers again when they are next needed: the networks of one
    /// have changed.
    func recordsHaveChanged() { declared.forget() }

    /// The answer to a container's query; nil for names that other servers may know.
    func answer(_ lookup: NameLookup, for containerID: String) -> NameAnswer? {
        guard let client = clients[containerID] else { return nil }
        let scope = NameScope(client.networks.compactMap { zones[$0] }, links: client.links)
        if let answer = scope.answer(lookup) { return answer }
        guard case .addresses(let name) = lookup else { return nil }
        // A stopped service is unknown to upstream servers, which may not even answer.
        let isDeclared = declared.contains(client.links[name] ?? name, on: client.networks)
        return isDeclared ? .nonexistent : nil
    }

    private func clients(on network: String) -> Set<String> {
        Set(clients.filter { $0.value.networks.contains(network) }.keys)
    }

    private func openZone(_ network: String) {
        zones[network] = NameZone(network: network)
        do {
            // Watched before the zone is read, so that no change is missed.
            if watcher == nil {
                watcher = try EndpointWatcher(store, loop: loop) {
                    [unowned self] network, containers in refresh(network, containers)
                }
            }
            try watcher?.watch(network)
        } catch {
            SupervisorLog.write("cannot follow containers of other projects: \(error)")
        }
        refresh(network, nil)
    }

    private func closeZone(_ network: String) {
        watcher?.unwatch(network)
        zones[network] = nil
    }

    /// Reads the endpoints of other projects' containers again, unless only containers of this
    /// supervisor changed.
    private func refresh(_ network: String, _ changed: Set<String>?) {
        let own = clients(on: network)
        if let changed, changed.isSubset(of: own) { return }
        do {
            let foreign = try store.endpoints(of: network, excluding: own)
            for id in zones[network]?.containers.subtracting(own) ?? [] {
                zones[network]?.remove(id)
            }
            for endpoint in foreign { zones[network]?.insert(endpoint) }
        } catch {
            SupervisorLog.write("cannot list containers on network \(network): \(error)")
        }
    }
}

extension ContainerRecord {
    var attachments: [NetworkAttachment] {
        if case .attached(let attachments) = network { attachments } else { [] }
    }

    /// The highest gateway priority first; equal ones by name, as with Docker.
    var attachmentsByPrecedence: [NetworkAttachment] {
        attachments.sorted { (-$0.gatewayPriority, $0.network) < (-$1.gatewayPriority, $1.network) }
    }

    /// The names by which others on the attachment's network find the container, as with Docker's
    /// resolver; its canonical name first.
    func resolvableNames(on attachment: NetworkAttachment) -> [String] {
        [name] + attachment.aliases + [String(id.prefix(12))] + [names.hostname].compactMap(\.self)
    }
}
