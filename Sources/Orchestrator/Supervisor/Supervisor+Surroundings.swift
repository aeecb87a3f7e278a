import ContainerNetwork
import Linux
import OCI
import SystemPackage

// What a container's run needs to know of the world around it.
extension Supervisor {
    /// Gives a container the limit that the system has, not the higher one we took.
    func limitOpenFiles(_ specification: inout RuntimeSpecification) {
        let limits = specification.process?.rlimits ?? []
        guard !limits.contains(where: { $0.type == "RLIMIT_NOFILE" }) else { return }
        specification.process?.rlimits =
            limits + [.init(type: "RLIMIT_NOFILE", soft: openFiles.soft, hard: openFiles.hard)]
    }

    /// The first process of a running container of any project, by id or name.
    func runningPID(of idOrName: String) -> Int32? {
        if let run = container(idOrName)?.run { return run.process.pid }
        return other(where: { $0.record.id == idOrName || $0.record.name == idOrName })?.state.pid
    }

    /// What a container of any project calls itself.
    func hostname(of idOrName: String) -> String? {
        let record =
            container(idOrName)?.record
            ?? other(where: { $0.record.id == idOrName || $0.record.name == idOrName })?.record
        return record.map { $0.names.hostname ?? String($0.id.prefix(12)) }
    }

    /// The files of a container of any project, by id or name.
    func paths(of idOrName: String) -> ContainerPaths? {
        if let known = container(idOrName) { return known.files.paths }
        let found = other(where: { $0.record.id == idOrName || $0.record.name == idOrName })
        return found.map { paths.project($0.record.project).container($0.record.id) }
    }

    /// A container of another project that runs.
    func other(where isWanted: (ExistingContainer) -> Bool) -> ExistingContainer? {
        let store = ContainerStore(paths)
        do {
            for name in try store.projects() where name != project {
                // A project being removed has nothing to offer.
                let others = try? store.readableContainers(of: name)
                if let found = others?.containers.first(where: isWanted) { return found }
            }
        } catch {
            note("other projects cannot be listed: \(error)")
        }
        return nil
    }

    /// What a container asks its name server; nil for what is none of ours.
    func answer(_ lookup: NameLookup, for container: String) -> NameAnswer? {
        guard let asking = containers[container], let own = asking.network else { return nil }
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
        for container in containers.values {
            for endpoint in container.network?.endpoints ?? [] where endpoint.network == network {
                known.insert(container.id)
                members.append(.init(container.record, endpoint))
            }
        }
        return members + strangers(on: network, besides: known)
    }

    /// Containers of other projects, on a network that projects share.
    private func strangers(
        on network: String,
        besides known: Set<String>
    ) -> [NameZone.Member] {
        do {
            return try networks.endpoints(of: network)
                .filter { !known.contains($0.containerID) }
                .compactMap { endpoint in
                    other { $0.record.id == endpoint.containerID }
                        .map { NameZone.Member($0.record, endpoint) }
                }
        } catch {
            note("network \(network) cannot be looked at: \(error)")
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
