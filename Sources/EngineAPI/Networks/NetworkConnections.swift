import ContainerNetwork
import Orchestrator

extension Engine {
    /// `POST /networks/{id}/connect`.
    func connectNetwork(_ request: Request, _ response: Response) async throws {
        let network = try existingNetwork(request.parameter("id"))
        let document = try await request.document()
        let container = try container(document["Container"].string ?? "")
        var attachment = try Self.attachment(document["EndpointConfig"], to: network.name)
        if network.name != "bridge" {
            attachment.aliases = [container.record.name] + attachment.aliases
        }
        attachment.aliases.append(String(container.id.prefix(12)))
        let change = change(of: container.record.project)
        // As with dockerd, only a running container cannot be connected again.
        if !container.isRunning, case .attached(let present) = container.record.network,
            present.contains(where: { $0.network == network.name })
        {
            try await change.disconnect(container.id, from: network.name)
        }
        try await change.connect(container.id, to: attachment)
        try await response.send(status: 200)
    }

    /// `POST /networks/{id}/disconnect`.
    func disconnectNetwork(_ request: Request, _ response: Response) async throws {
        let network = try existingNetwork(request.parameter("id"))
        let document = try await request.document()
        let container = try container(document["Container"].string ?? "")
        try await change(of: container.record.project)
            .disconnect(container.id, from: network.name)
        try await response.send(status: 200)
    }
}
