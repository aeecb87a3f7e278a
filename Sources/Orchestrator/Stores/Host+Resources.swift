public import ContainerNetwork
import OCI

/// Changes of networks and volumes that the journal of this host's events reports.
extension Host {
    /// Creates the network unless it exists.
    @discardableResult
    public func create(_ specification: NetworkSpecification) throws -> BridgeNetwork {
        let existed = try networks.network(specification.name) != nil
        let network = try networks.create(specification)
        if !existed { journal.append(HostEvent("create", of: network)) }
        return network
    }

    /// Removes the network; returns false if it does not exist.
    public func remove(network name: String) throws(NetworkError) -> Bool {
        // A network whose description cannot be read is removed all the same.
        let network = try? networks.network(name)
        let existed = try networks.remove(name)
        if let network, existed { journal.append(HostEvent("destroy", of: network)) }
        return existed
    }

    /// Creates the volume unless it exists.
    public func create(_ volume: VolumeRecord) throws {
        // One with an unreadable record gets a new record.
        let existed = (try? volumes.volume(volume.name)) != nil
        try volumes.create(volume)
        guard !existed else { return }
        let attributes = ["driver": volume.driver]
        journal.append(HostEvent(.volume, "create", id: volume.name, attributes: attributes))
    }
}

extension HostEvent {
    fileprivate init(_ action: String, of network: BridgeNetwork) {
        let attributes = ["name": network.name, "type": "bridge"]
        self.init(.network, action, id: network.id, attributes: attributes)
    }
}
