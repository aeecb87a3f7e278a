import Addresses
import ComposeFile
import ContainerNetwork

extension DesiredState {
    /// The specification of each network of the project, by full name.
    func networkSpecifications() throws -> [String: NetworkSpecification] {
        var specifications = [
            Self.defaultBridge: NetworkSpecification(name: Self.defaultBridge)
        ]
        for (key, network) in project.networks where !network.external {
            let name = network.name ?? key
            specifications[name] = try specification(key, name, network)
        }
        return specifications
    }

    /// The record of each named volume of the project, by full name.
    func volumeRecords() -> [String: VolumeRecord] {
        var records: [String: VolumeRecord] = [:]
        for (key, volume) in project.volumes where !volume.external {
            let name = volume.name ?? key
            var labels = volume.labels
            labels[ComposeLabel.project] = project.name
            labels[ComposeLabel.volume] = key
            labels[ComposeLabel.version] = SwiftcomposeVersion.current
            labels[ComposeLabel.configHash] = project.configHash(of: volume)
            records[name] = VolumeRecord(
                name: name,
                driver: volume.driver ?? "local",
                options: volume.driverOptions,
                labels: labels
            )
        }
        return records
    }

    private func specification(
        _ key: String,
        _ name: String,
        _ network: NetworkDefinition
    ) throws -> NetworkSpecification {
        guard ["bridge", "default", nil].contains(network.driver) else {
            throw OrchestratorError.unsupportedDriver(
                network.driver ?? "",
                of: "networks.\(key)",
                known: ["bridge"]
            )
        }
        var labels = network.labels
        labels[ComposeLabel.project] = project.name
        labels[ComposeLabel.network] = key
        labels[ComposeLabel.version] = SwiftcomposeVersion.current
        labels[ComposeLabel.configHash] = project.configHash(of: network)
        return NetworkSpecification(
            name: name,
            enableIPv4: network.enableIPv4 ?? true,
            enableIPv6: network.enableIPv6 ?? false,
            pools: try network.ipam.pools.compactMap { try pool($0, of: key) },
            isInternal: network.internal,
            labels: labels,
            options: network.driverOptions
        )
    }

    /// Nil for an entry without a subnet, which has no effect.
    private func pool(
        _ pool: IPAM.Pool,
        of network: String
    ) throws -> NetworkSpecification.Pool? {
        guard let subnet = pool.subnet else { return nil }
        var reserved: [String: IPAddress] = [:]
        for (name, address) in pool.auxiliaryAddresses {
            reserved[name] = try parse(address, "aux_addresses", of: network) { IPAddress($0) }
        }
        return NetworkSpecification.Pool(
            subnet: try parse(subnet, "subnet", of: network) { Subnet($0) },
            range: try pool.ipRange.map { try parse($0, "ip_range", of: network) { Subnet($0) } },
            gateway: try pool.gateway.map {
                try parse($0, "gateway", of: network) { IPAddress($0) }
            },
            auxiliaryAddresses: reserved
        )
    }

    private func parse<Value>(
        _ text: String,
        _ attribute: String,
        of network: String,
        _ read: (String) -> Value?
    ) throws -> Value {
        guard let value = read(text) else {
            throw OrchestratorError.invalidAddress(
                text,
                attribute: "networks.\(network).ipam.config.\(attribute)"
            )
        }
        return value
    }
}
