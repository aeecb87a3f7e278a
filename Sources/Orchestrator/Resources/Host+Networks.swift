public import ContainerNetwork
import Notation

extension Host {
    /// The network with a name, an id or a unique beginning of an id.
    public func network(matching text: String) throws -> BridgeNetwork {
        // A text that is no name may still begin an id: only the name is missing then.
        if NetworkName.isValid(text), let network = try networks.network(text) { return network }
        let found = try networks.all().filter { !text.isEmpty && $0.id.hasPrefix(text) }
        guard found.count <= 1 else { throw OrchestratorError.ambiguousID(text, of: "network") }
        guard let network = found.first else { throw OrchestratorError.noSuchNetwork(text) }
        return network
    }

    /// The containers of all projects, running or not, that the networks connect, by network.
    public func containersByNetwork() throws -> [String: [ExistingContainer]] {
        try containers.ofAllProjects().reduce(into: [:]) { users, container in
            for attachment in container.record.attachments {
                users[attachment.network, default: []].append(container)
            }
        }
    }

    /// Creates a network and returns it; throws if the name is taken.
    public func createNetwork(_ request: NetworkRequest) throws -> BridgeNetwork {
        let specification = try request.specification()
        guard try networks.network(request.name) == nil else {
            throw NetworkError.exists(request.name)
        }
        return try create(specification)
    }

    /// Removes the networks that no container, running or not, is attached to, and that `isWanted`;
    /// returns their names.
    ///
    /// The default bridge stays, as Docker's does. A container that another command is creating
    /// makes its network again if it is gone.
    public func pruneNetworks(where isWanted: (BridgeNetwork) -> Bool) throws -> [String] {
        let used = try containersByNetwork()
        return try networks.all().filter { network in
            network.name != DesiredState.defaultBridge && used[network.name] == nil
                && isWanted(network)
        }
        .filter { try removeIfUnused($0.name) }
        .map(\.name)
    }

    private func removeIfUnused(_ name: String) throws(NetworkError) -> Bool {
        do {
            return try remove(network: name)
        } catch .inUse {
            // A container has been attached in the meantime.
            return false
        }
    }
}
