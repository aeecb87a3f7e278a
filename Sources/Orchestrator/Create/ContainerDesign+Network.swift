import ComposeFile
import OCI

extension ContainerDesign {
    func describeNetwork(in record: inout ContainerRecord) throws {
        record.network = networkUse
        record.joins = joins
        record.ports = try service.ports.map(publishedPort)
        record.exposedPorts = exposedPorts
        record.names = names
    }

    /// The origin of the container's network namespace.
    var networkUse: NetworkUse {
        if let requested { return requested.network(id: id) }
        return switch service.networkMode {
        case nil: .attached(attachments)
        case NetworkMode.none?: .none
        case .host: .host
        case .service(let service): .container(project.containerName(of: service))
        case .container(let container): .container(container)
        case .bridge:
            .attached([NetworkAttachment(network: DesiredState.defaultBridge, links: links)])
        case .network(let name): .attached([attachment(to: name, nil)])
        }
    }

    /// Sorted by descending priority, then by key.
    private var attachments: [NetworkAttachment] {
        let ordered = service.networks.sorted { left, right in
            (right.value.priority, left.key) < (left.value.priority, right.key)
        }
        var attachments = ordered.map { key, network in
            attachment(to: project.networks[key]?.name ?? key, network)
        }
        if let address = service.macAddress, attachments.first?.macAddress == nil {
            attachments.first.map { _ in attachments[0].macAddress = address }
        }
        return attachments
    }

    private func attachment(to network: String, _ options: ServiceNetwork?) -> NetworkAttachment {
        var aliases = [name, String(id.prefix(12))]
        if oneOff?.usesAliases ?? (initStep == nil) {
            aliases = [service.name] + aliases + (options?.aliases ?? [])
        }
        return NetworkAttachment(
            network: network,
            aliases: aliases,
            links: links,
            ipv4Address: options?.ipv4Address,
            ipv6Address: options?.ipv6Address,
            linkLocalAddresses: options?.linkLocalIPs ?? [],
            macAddress: options?.macAddress,
            interfaceName: options?.interfaceName,
            gatewayPriority: options?.gatewayPriority ?? 0,
            driverOptions: options?.driverOptions
        )
    }

    /// Alias to service or container name.
    private var links: [String: String] {
        let pairs = (service.links + service.externalLinks).map { link in
            let parts = link.split(separator: ":", maxSplits: 1).map(String.init)
            return (parts.last ?? link, parts.first ?? link)
        }
        return Dictionary(pairs) { $1 }
    }

    /// The containers whose namespaces it joins, by kind of namespace.
    private var joins: [String: String] {
        let modes = ["pid": service.pid, "ipc": service.ipc, "uts": service.uts]
        return modes.compactMapValues { mode in
            switch mode {
            case .service(let service): project.containerName(of: service)
            case .container(let container): container
            case .mode, nil: nil
            }
        }
    }

    /// The content of `/etc/hosts`, `/etc/hostname` and `/etc/resolv.conf`.
    private var names: NameRules {
        NameRules(
            extraHosts: service.extraHosts.sorted { $0.key < $1.key }.flatMap { name, addresses in
                addresses.map { NameRules.ExtraHost(name: name, address: $0) }
            },
            servers: service.dns,
            searchDomains: service.dnsSearch,
            options: service.dnsOptions,
            hostname: service.hostname ?? (networkUse == .host ? hostname : nil),
            domainName: service.domainName
        )
    }

    /// `expose` and EXPOSE: documented, not published.
    private var exposedPorts: [String] {
        let own = service.expose.map { $0.contains("/") ? $0 : "\($0)/tcp" }
        return Array(Set(config.exposedPorts + own)).sorted()
    }

    private func publishedPort(_ port: Port) throws -> PublishedPort {
        guard let target = UInt16(exactly: port.target) else {
            throw OrchestratorError.invalidValue(
                service.place(of: "ports"),
                value: String(port.target),
                wanted: "a port from 1 to 65535"
            )
        }
        let range = port.publishedRange.map {
            UInt16(clamping: $0.lowerBound)...UInt16(clamping: $0.upperBound)
        }
        return PublishedPort(
            hostAddress: port.hostIP ?? "",
            hostPorts: range ?? 0...0,
            containerPort: target,
            transport: port.protocol ?? "tcp"
        )
    }
}

extension Project {
    /// The name of a service's first container.
    func containerName(of service: String) -> String {
        declaredService(service)?.containerName ?? defaultName(service, "1")
    }
}
