import Addresses
import ContainerNetwork
import ImageStore
import OCI
import Orchestrator

extension Engine {
    /// A network of the host, or one of Docker's predefined names that has no bridge of its own.
    struct NamedNetwork {
        var id: String
        var name: String
        /// Nil for `host` and `none`.
        var bridge: BridgeNetwork?

        /// Docker's networks without a bridge.
        static let predefined = ["host", "none"].map { name in
            NamedNetwork(id: Digest.sha256(of: Array(name.utf8)).hex, name: name)
        }
    }

    private func allNetworks() throws -> [NamedNetwork] {
        // Clients expect the default bridge to exist.
        try host.create(NetworkSpecification(name: "bridge"))
        return try host.networks.all().filter { isVisible(labels: $0.labels) }
            .map { NamedNetwork(id: $0.id, name: $0.name, bridge: $0) }
            + NamedNetwork.predefined
    }

    /// The network with a name, an id, or a prefix of one.
    func network(_ text: String) throws -> NamedNetwork {
        let all = try allNetworks()
        let matches =
            all.filter { $0.name == text || $0.id == text }
        if let found = matches.first { return found }
        let prefixed = text.isEmpty ? [] : all.filter { $0.id.hasPrefix(text) }
        guard prefixed.count <= 1 else {
            throw EngineError.badRequest(
                "network \(text) is ambiguous (\(prefixed.count) matches found based on ID prefix)"
            )
        }
        guard let found = prefixed.first else {
            throw EngineError.notFound("network \(text) not found")
        }
        return found
    }

    /// The network with a bridge that a container is to be attached to.
    func existingNetwork(_ text: String) throws -> BridgeNetwork {
        guard let bridge = try network(text).bridge else {
            throw EngineError.badRequest("network \(text) cannot be combined with other networks")
        }
        return bridge
    }

    /// `GET /networks`.
    func listNetworks(_ request: Request, _ response: Response) async throws {
        let filters = try Filters(
            request.query,
            known: ["dangling", "driver", "id", "label", "name", "scope", "type"]
        )
        let containers = try allContainers()
        let isDangling = try filters.flag("dangling")
        let found = try allNetworks().filter { network in
            let driver = network.bridge == nil ? network.name : "bridge"
            let driverName = driver == "none" ? "null" : driver
            let isPredefined = ["bridge", "host", "none"].contains(network.name)
            if let isDangling, isDangling == isUsed(network, by: containers) || isPredefined {
                return false
            }
            return filters.matches(labels: network.bridge?.labels ?? [:])
                && filters.any("driver") { $0 == driverName }
                && filters.any("id") { network.id.hasPrefix($0) }
                && filters.any("name") { network.name.contains($0) }
                && filters.any("scope") { $0 == "local" }
                && filters.any("type") { $0 == (isPredefined ? "builtin" : "custom") }
        }
        try await response.send(.array(found.map { document(of: $0, []) }))
    }

    private func isUsed(_ network: NamedNetwork, by containers: [ExistingContainer]) -> Bool {
        containers.contains { container in
            if case .attached(let attachments) = container.record.network {
                attachments.contains { $0.network == network.name }
            } else {
                false
            }
        }
    }

    /// `GET /networks/{id}`.
    func inspectNetwork(_ request: Request, _ response: Response) async throws {
        let network = try network(request.parameter("id"))
        try await response.send(document(of: network, try allContainers()))
    }

    private func document(of network: NamedNetwork, _ containers: [ExistingContainer]) -> JSON {
        let specification = network.bridge?.specification
        var attached: [String: JSON] = [:]
        for container in containers where container.isRunning {
            guard let state = container.state.endpoints.first(where: { $0.network == network.name })
            else { continue }
            func address(_ text: String?, _ pool: BridgeNetwork.Pool?) -> JSON {
                .string(text.map { "\($0)/\(pool?.subnet.prefixLength ?? 0)" } ?? "")
            }
            attached[container.id] = [
                "Name": .string(container.record.name),
                "EndpointID": .string(String(network.id.prefix(32)) + container.id.prefix(32)),
                "MacAddress": .string(state.macAddress ?? ""),
                "IPv4Address": address(state.ipv4Address, network.bridge?.ipv4),
                "IPv6Address": address(state.ipv6Address, network.bridge?.ipv6),
            ]
        }
        let pools: [JSON] = (network.bridge?.pools ?? []).map { pool in
            var document: JSON = [
                "Subnet": .string("\(pool.subnet)"), "Gateway": .string("\(pool.gateway)"),
            ]
            if pool.range != pool.subnet { document["IPRange"] = .string("\(pool.range)") }
            let asked = specification?.pools.first { $0.subnet == pool.subnet }
            if let taken = asked?.auxiliaryAddresses, !taken.isEmpty {
                document["AuxiliaryAddresses"] = JSON(taken.mapValues { "\($0)" })
            }
            return document
        }
        let driver = network.bridge != nil ? "bridge" : network.name == "none" ? "null" : "host"
        let created = network.bridge.map { Timestamp(seconds: $0.created) }
        return [
            "Name": .string(network.name), "Id": .string(network.id),
            "Created": Timestamp.text(created), "Scope": "local", "Driver": .string(driver),
            "EnableIPv4": .bool(specification?.enableIPv4 ?? true),
            "EnableIPv6": .bool(specification?.enableIPv6 ?? false),
            "IPAM": [
                "Driver": "default", "Options": nil, "Config": .array(pools),
            ],
            "Internal": .bool(specification?.isInternal ?? false), "Attachable": false,
            "Ingress": false, "ConfigFrom": ["Network": ""], "ConfigOnly": false,
            "Containers": .object(attached), "Options": JSON(specification?.options ?? [:]),
            "Labels": JSON(specification?.labels ?? [:]),
        ]
    }

    /// `POST /networks/create`.
    func createNetwork(_ request: Request, _ response: Response) async throws {
        let document = try await request.document()
        guard let name = document["Name"].string, !name.isEmpty else {
            throw EngineError.badRequest("network name must not be empty")
        }
        try requireScope(document["Labels"].texts[ComposeLabel.project])
        guard try allNetworks().allSatisfy({ $0.name != name }) else {
            throw EngineError.conflict("network with name \(name) already exists")
        }
        let driver = document["Driver"].string ?? ""
        guard ["", "bridge", "default"].contains(driver) else {
            throw EngineError.notFound(
                "could not find plugin \(driver) in v1 plugin registry: plugin not found"
            )
        }
        for field in ["Ingress", "ConfigOnly", "ConfigFrom"] where !document[field].isZero {
            throw EngineError.unsupported(field, "this field is not supported")
        }
        if let scope = document["Scope"].string, !["", "local"].contains(scope) {
            throw EngineError.unsupported("Scope", "only local networks are supported")
        }
        let pools = try document["IPAM"]["Config"].array.compactMap(Self.pool)
        let network = try host.create(
            NetworkSpecification(
                name: name,
                enableIPv4: document["EnableIPv4"].bool ?? true,
                // Older clients ask for it by a pool alone.
                enableIPv6: document["EnableIPv6"].bool
                    ?? pools.contains(where: \.isIPv6),
                pools: pools,
                isInternal: document.isTrue("Internal"),
                labels: document["Labels"].texts,
                options: document["Options"].texts
            )
        )
        try await response.send(["Id": .string(network.id), "Warning": ""], status: 201)
    }

    private static func pool(_ document: JSON) throws -> NetworkSpecification.Pool? {
        guard let text = document["Subnet"].string, !text.isEmpty else { return nil }
        func parse<Value>(_ key: String, _ read: (String) -> Value?) throws -> Value? {
            guard let text = document[key].string, !text.isEmpty else { return nil }
            guard let value = read(text) else {
                throw EngineError.badRequest("invalid \(key) '\(text)'")
            }
            return value
        }
        guard let subnet = Subnet(text) else {
            throw EngineError.badRequest("invalid subnet '\(text)'")
        }
        return NetworkSpecification.Pool(
            subnet: subnet,
            range: try parse("IPRange") { Subnet($0) },
            gateway: try parse("Gateway") { IPAddress($0) },
            auxiliaryAddresses: document["AuxiliaryAddresses"].texts
                .compactMapValues { IPAddress($0) }
        )
    }

    /// `DELETE /networks/{id}`.
    func removeNetwork(_ request: Request, _ response: Response) async throws {
        let network = try network(request.parameter("id"))
        guard network.bridge != nil, network.name != "bridge" else {
            throw EngineError(403, "\(network.name) is a pre-defined network and cannot be removed")
        }
        if try allContainers().contains(where: { $0.isRunning && isUsed(network, by: [$0]) }) {
            throw EngineError(
                403,
                "error while removing network: network \(network.name) id \(network.id) has active endpoints"
            )
        }
        _ = try host.remove(network: network.name)
        try await response.send(status: 204)
    }

    /// `POST /networks/prune`.
    func pruneNetworks(_ request: Request, _ response: Response) async throws {
        let filters = try Filters(request.query, known: ["label", "label!", "until"])
        let until = try filters["until"].first.map { try Timestamp(parameter: $0) }
        let containers = try allContainers()
        var removed: [String] = []
        for network in try allNetworks() {
            guard let bridge = network.bridge, network.name != "bridge",
                !isUsed(network, by: containers), filters.matches(labels: bridge.labels),
                until.map({ bridge.created < $0.seconds }) ?? true
            else { continue }
            if try host.remove(network: network.name) { removed.append(network.name) }
        }
        try await response.send(["NetworksDeleted": removed.isEmpty ? nil : JSON(removed)])
    }
}

extension NetworkSpecification.Pool {
    fileprivate var isIPv6: Bool { if case .v6 = subnet.base { true } else { false } }
}
