import Addresses
import ContainerNetwork
import Linux
import SystemPackage

// The files with the container's own name and its resolver's configuration.
extension RunNetwork {
    /// Creates the files that the specification mounts.
    func prepareFiles(_ paths: ContainerPaths) throws(SystemCallError) {
        for path in [paths.hosts, paths.hostname, paths.resolvConf]
        where !FileSystem.exists(path) {
            try rewrite(path, "")
        }
    }

    /// Writes the files once the container is connected, or copies those of the container whose
    /// network it shares.
    func writeFiles(_ paths: ContainerPaths, sharing lender: ContainerPaths?) throws {
        if case .container = record.network {
            if let lender { try copyFiles(from: lender, to: paths) }
            return
        }
        try rewrite(paths.hostname, ContainerFiles.hostname(hostname))
        try rewrite(paths.hosts, try hosts())
        try rewrite(paths.resolvConf, resolver.text)
    }

    private var hostname: String { record.names.hostname ?? String(record.id.prefix(12)) }

    private func hosts() throws(SystemCallError) -> String {
        let extra = record.names.extraHosts.compactMap { host in
            ContainerFiles.ExtraHost(
                name: host.name,
                address: host.address,
                hostGateway: hostGateway
            )
        }
        if record.network == .host {
            let lines = extra.map { "\($0.address)\t\($0.name)\n" }
            return try FileSystem.readText("/etc/hosts") + lines.joined()
        }
        return ContainerFiles.hosts(
            hostname: hostname,
            domainName: record.names.domainName,
            addresses: endpoints.flatMap(\.addresses),
            extra: extra
        )
    }

    /// An address of the internet, to which nothing is sent.
    private static let elsewhere = SocketAddress(address: [192, 0, 2, 1], port: 9)

    /// The host's address as seen from the container.
    private var hostGateway: IPAddress? {
        if record.network == .host { return .v4(IPv4Address(rawValue: 0x7f00_0001)) }
        // An ordinary user's bridges are not the host's: the way out leads to its own address.
        if let bytes = try? HostNetwork.ownAddress(towards: Self.elsewhere),
            let address = IPAddress(bytes: bytes)
        {
            return address
        }
        return endpoints.lazy.compactMap { $0.ipv4Gateway ?? $0.ipv6Gateway }.first
    }

    private var resolver: ResolverConfiguration {
        let host = ResolverConfiguration.ofHost()
        if case .attached = record.network, !usesServersDirectly {
            return .forContainer(
                search: record.names.searchDomains,
                options: record.names.options,
                host: host
            )
        }
        let names = record.names
        let servers = names.servers.compactMap { IPAddress($0) }
        return ResolverConfiguration(
            nameServers: servers.isEmpty ? host.nameServers : servers,
            search: (names.searchDomains.isEmpty ? host.search : names.searchDomains)
                .filter { $0 != "." },
            options: names.options.isEmpty ? host.options : names.options
        )
    }

    /// On the default bridge containers have no names, so `dns` goes into the file as with Docker;
    /// only links need the name server.
    private var usesServersDirectly: Bool {
        let attachments = record.attachments
        return attachments.map(\.network) == [DesiredState.defaultBridge]
            && attachments.allSatisfy(\.links.isEmpty) && !record.names.servers.isEmpty
    }

    private func copyFiles(from source: ContainerPaths, to paths: ContainerPaths) throws {
        for (from, to) in [
            (source.hosts, paths.hosts), (source.hostname, paths.hostname),
            (source.resolvConf, paths.resolvConf),
        ] where FileSystem.exists(from) {
            try rewrite(to, try FileSystem.readText(from))
        }
    }

    /// Replaces the content of a file that is mounted into the container: a new file in its place
    /// would not be seen there.
    private func rewrite(_ path: FilePath, _ text: String) throws(SystemCallError) {
        let file = try Descriptor.open(path, [.writing, .creating, .truncating])
        try file.write(Array(text.utf8))
    }
}
