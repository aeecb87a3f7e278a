import Addresses

/// The names and addresses of the containers on one network.
public struct NameZone: Equatable, Sendable {
    public let network: String
    private var endpoints: [String: Endpoint] = [:]
    private var addresses: [String: [IPAddress]] = [:]
    private var names: [IPAddress: String] = [:]

    public init(network: String, endpoints: [Endpoint] = []) {
        self.network = network
        for endpoint in endpoints { insert(endpoint) }
    }

    /// The ids of its containers.
    public var containers: Set<String> { Set(endpoints.keys) }

    /// Adds a container's endpoint, or replaces the one it had.
    public mutating func insert(_ endpoint: Endpoint) {
        remove(endpoint.containerID)
        endpoints[endpoint.containerID] = endpoint
        for name in endpoint.keys {
            addresses[name, default: []] += endpoint.addresses
        }
        guard let name = endpoint.names?.first else { return }
        for address in endpoint.addresses { names[address] = "\(name).\(network)" }
    }

    /// Removes a container's endpoint, if it has one.
    public mutating func remove(_ containerID: String) {
        guard let endpoint = endpoints.removeValue(forKey: containerID) else { return }
        for name in endpoint.keys {
            let others = addresses[name]?.filter { !endpoint.addresses.contains($0) } ?? []
            addresses[name] = others.isEmpty ? nil : others
        }
        for address in endpoint.addresses { names[address] = nil }
    }

    /// The addresses of a name in lower case; nil if no container on the network has it.
    func addresses(of name: String) -> [IPAddress]? { addresses[name] }

    /// The canonical name of an address, with the network's name as its domain.
    func name(of address: IPAddress) -> String? { names[address] }
}

extension Endpoint {
    /// The names of the endpoint in lower case, as they are looked up.
    fileprivate var keys: Set<String> { Set((names ?? []).map { $0.lowercased() }) }
}

/// The names that one container resolves without asking other name servers.
public struct NameScope: Equatable, Sendable {
    /// The zones of the container's networks, by descending precedence.
    public var zones: [NameZone]
    /// Aliases that only this container has, in lower case, with the names they stand for.
    public var links: [String: String]

    public init(_ zones: [NameZone], links: [String: String] = [:]) {
        self.zones = zones
        self.links = links
    }

    /// The answer from its zones; nil if none of them has the name or address.
    ///
    /// As with Docker's resolver, a name on several networks has its addresses on the first one,
    /// and `NAME.NETWORK` is a name on that network only.
    public func answer(_ lookup: NameLookup) -> NameAnswer? {
        switch lookup {
        case .name(let address):
            return zones.lazy.compactMap { $0.name(of: address) }.first.map { .name($0) }
        case .addresses(let name):
            if let found = addresses(of: name, in: zones) { return .addresses(found) }
            for (short, network) in Self.qualifications(of: name) {
                let zones = zones.filter { $0.network.lowercased() == network }
                if let found = addresses(of: short, in: zones) { return .addresses(found) }
            }
            return nil
        }
    }

    private func addresses(of name: String, in zones: [NameZone]) -> [IPAddress]? {
        if let target = links[name]?.lowercased(),
            let found = zones.lazy.compactMap({ $0.addresses(of: target) }).first
        {
            return found
        }
        return zones.lazy.compactMap { $0.addresses(of: name) }.first
    }

    /// The ways to split `a.b.c` into a name and a network, which both may contain dots.
    private static func qualifications(
        of name: String
    ) -> [(name: String, network: String)] {
        name.indices.reversed().filter { name[$0] == "." }.map { dot in
            (String(name[..<dot]), String(name[name.index(after: dot)...]))
        }
    }
}
