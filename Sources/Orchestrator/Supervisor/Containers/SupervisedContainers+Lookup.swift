import ContainerNetwork
import Linux

// Containers of this and of other projects.
extension SupervisedContainers {
    /// The first process of a running container of any project, by id or name.
    func runningPID(of idOrName: String) -> Int32? {
        if let run = find(idOrName)?.run { return run.process.pid }
        return containerInOtherProject(where: {
            $0.record.id == idOrName || $0.record.name == idOrName
        })?.state.pid
    }

    /// What a container of any project calls itself.
    func hostname(of idOrName: String) -> String? {
        let record =
            find(idOrName)?.record
            ?? containerInOtherProject(where: {
                $0.record.id == idOrName || $0.record.name == idOrName
            })?.record
        return record.map { $0.names.hostname ?? String($0.id.prefix(12)) }
    }

    /// The files of a container of any project, by id or name.
    func paths(of idOrName: String) -> ContainerPaths? {
        if let known = find(idOrName) { return known.files.paths }
        let found = containerInOtherProject(where: {
            $0.record.id == idOrName || $0.record.name == idOrName
        })
        return found.map { environment.paths.project($0.record.project).container($0.record.id) }
    }

    /// A container of another project that runs.
    func containerInOtherProject(where isWanted: (ExistingContainer) -> Bool) -> ExistingContainer?
    {
        let store = ContainerStore(environment.paths)
        do {
            for name in try store.projects() where name != environment.project {
                // A project being removed has nothing to offer.
                let others = try? store.readableContainers(of: name)
                if let found = others?.containers.first(where: isWanted) { return found }
            }
        } catch {
            environment.log("other projects cannot be listed: \(error)")
        }
        return nil
    }

    /// What a container asks its name server; nil for what is none of ours.
    func answer(_ lookup: NameLookup, for container: String) -> NameAnswer? {
        guard let asking = byID[container], let own = asking.network else { return nil }
        var links: [String: String] = [:]
        if case .attached(let attachments) = asking.record.network {
            for attachment in attachments { links.merge(attachment.links) { first, _ in first } }
        }
        let networks = Set(own.endpoints.map(\.network)).sorted()
        return NameZone(networks.flatMap(members), links: links).answer(lookup)
    }

    /// Everybody on a network, as its members see each other.
    func members(of network: String) -> [NameZone.Member] {
        var known: Set<String> = []
        var members: [NameZone.Member] = []
        for container in all {
            for endpoint in container.network?.endpoints ?? [] where endpoint.network == network {
                known.insert(container.id)
                members.append(.init(container.record, endpoint))
            }
        }
        return members + foreignMembers(of: network, besides: known)
    }

    /// Containers of other projects, on a network that projects share.
    private func foreignMembers(
        of network: String,
        besides known: Set<String>
    ) -> [NameZone.Member] {
        do {
            return try environment.network.store.endpoints(of: network)
                .filter { !known.contains($0.containerID) }
                .compactMap { endpoint in
                    containerInOtherProject { $0.record.id == endpoint.containerID }
                        .map { NameZone.Member($0.record, endpoint) }
                }
        } catch {
            environment.log("network \(network) cannot be looked at: \(error)")
            return []
        }
    }
}

extension NameZone.Member {
    init(_ record: ContainerRecord, _ endpoint: Endpoint) {
        var names = [record.name, String(record.id.prefix(12))]
        if case .attached(let attachments) = record.network {
            let own = attachments.first { $0.network == endpoint.network }
            names += own?.aliases ?? []
        }
        self.init(
            names: names,
            addresses: endpoint.addresses,
            fullName: "\(record.name).\(endpoint.network)"
        )
    }
}
