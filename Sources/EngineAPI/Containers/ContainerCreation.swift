import ContainerNetwork
import ImageStore
import Notation
import OCI
import Orchestrator

extension Engine {
    /// `POST /containers/create`.
    func createContainer(_ request: Request, _ response: Response) async throws {
        let document = ContainerTranslation.naming(try await request.document())
        guard let imageName = document["Image"].string, !imageName.isEmpty else {
            throw EngineError.badRequest("config cannot be empty in order to create a container")
        }
        guard let image = try host.images.image(named: imageName) else {
            throw EngineError.notFound("No such image: \(imageName)")
        }
        if let platform = try Self.platform(request), !platform.accepts(image.platform) {
            throw EngineError.notFound(
                "image with reference \(imageName) was found but does not match the specified "
                    + "platform: wanted \(platform), actual: \(image.platform)"
            )
        }
        let name = request.query["name"].map(Self.trimmed) ?? Self.randomName()
        try Self.check(name: name)
        let (id, warnings) = try await Self.reportingAbsence {
            try await create(document, name, ServiceImage(name: imageName, image: image))
        }
        try await response.send(
            ["Id": .string(id), "Warnings": JSON(warnings)],
            status: 201
        )
    }

    private func create(
        _ document: JSON,
        _ name: String,
        _ image: ServiceImage
    ) async throws -> (id: String, warnings: [String]) {
        var translation = ContainerTranslation(document, name: name)
        var requested = try translation.container()
        try requireScope(requested.project)
        requested.network = try network(document, requested, name: name)
        let linked = try links(document["HostConfig"]["Links"].strings ?? [], of: name)
        requested.add(linked)
        let created = try await change(of: requested.project)
            .create(requested, named: name, image: image)
        return (created.id, translation.warnings)
    }

    /// Answers with 400 if anything but the image does not exist: clients pull the image on 404.
    private static func reportingAbsence<Value>(
        _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch {
            let answer = EngineError(error)
            throw answer.status == 404 ? EngineError.badRequest(answer.message) : answer
        }
    }

    static func check(name: String) throws(EngineError) {
        guard ObjectName.isValid(name) else {
            throw .badRequest(
                "Invalid container name (\(name)), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"
            )
        }
    }

    /// A name for a container whose client gives none.
    private static func randomName() -> String { "container-\(EngineID.make().prefix(12))" }

    /// The networks of a new container; creates the default bridge on its first use.
    private func network(
        _ document: JSON,
        _ requested: RequestedContainer,
        name: String
    ) throws -> NetworkUse {
        if document.isTrue("NetworkDisabled") { return .none }
        let mode = document["HostConfig"]["NetworkMode"].string ?? ""
        if mode == "host" { return .host }
        if mode == "none" { return .none }
        if mode.hasPrefix("container:") {
            return .container(try container(String(mode.dropFirst(10))).id)
        }
        let primary = ["", "default", "bridge"].contains(mode) ? "bridge" : mode
        var endpoints = document["NetworkingConfig"]["EndpointsConfig"].object
        if let given = endpoints.removeValue(forKey: "default") { endpoints["bridge"] = given }
        if !endpoints.keys.contains(primary), endpoints.isEmpty || mode != "" {
            endpoints[primary] = .null
        }
        let ordered = endpoints.sorted { left, right in
            (left.key != primary ? 1 : 0, left.key) < (right.key != primary ? 1 : 0, right.key)
        }
        return .attached(
            try ordered.map { key, endpoint in
                let network = try existingNetwork(key)
                var attachment = try Self.attachment(endpoint, to: network.name)
                // Names are found on networks of the user's own only.
                if network.name != "bridge" { attachment.aliases.insert(name, at: 0) }
                if let address = document["MacAddress"].string, !address.isEmpty, key == primary {
                    attachment.macAddress = address
                }
                return attachment
            }
        )
    }

    /// A container that another one finds under a second name.
    private func links(_ texts: [String], of name: String) throws -> [ContainerLink] {
        try texts.map { text in
            let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
            let target = try container(parts.first ?? text)
            return ContainerLink(
                alias: parts.count > 1 ? parts[1] : target.record.name,
                owner: name,
                target: target,
                environment: requestDocument(of: target.record)["Env"].strings ?? []
            )
        }
    }

    static func attachment(_ endpoint: JSON, to network: String) throws -> NetworkAttachment {
        var attachment = NetworkAttachment(network: network)
        attachment.aliases = endpoint["Aliases"].strings ?? []
        let addresses = endpoint["IPAMConfig"]
        attachment.ipv4Address = addresses["IPv4Address"].string.flatMap { $0.isEmpty ? nil : $0 }
        attachment.ipv6Address = addresses["IPv6Address"].string.flatMap { $0.isEmpty ? nil : $0 }
        attachment.linkLocalAddresses = addresses["LinkLocalIPs"].strings ?? []
        attachment.macAddress = endpoint["MacAddress"].string.flatMap { $0.isEmpty ? nil : $0 }
        attachment.gatewayPriority = Int(endpoint["GwPriority"].integer ?? 0)
        let options = endpoint["DriverOpts"].texts
        attachment.driverOptions = options.isEmpty ? nil : options
        attachment.interfaceName = options["com.docker.network.endpoint.ifname"]
        for link in endpoint["Links"].strings ?? [] {
            let parts = link.split(separator: ":", maxSplits: 1).map(String.init)
            attachment.links[parts.last ?? link] = parts.first ?? link
        }
        return attachment
    }
}
