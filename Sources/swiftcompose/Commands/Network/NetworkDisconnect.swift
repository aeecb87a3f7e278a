import ArgumentParser
import ContainerNetwork
import Orchestrator

struct NetworkDisconnect: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "disconnect",
        abstract: "Disconnect a container from a network."
    )

    @Flag(
        name: .shortAndLong,
        help: "Succeed if the container does not exist or is not connected."
    )
    var force = false

    @Argument(help: "Name or ID of the network.", completion: .networks)
    var network: String

    @Argument(help: "Name or ID of the container.", completion: .containers)
    var container: String

    func run(in session: Session) async throws -> Int32 {
        let host = try session.openHost()
        do {
            let container = try host.containers.container(matching: container)
            let name = try name(of: container, on: host)
            try await session.change(container.record.project, "Disconnecting") { change in
                try await change.disconnect(container.id, from: name)
            }
        } catch OrchestratorError.noContainerNamed where force {
            // There is nothing to disconnect.
        } catch OrchestratorError.notConnected where force {
            // It has been disconnected already.
        }
        return 0
    }

    /// The full name of the network, which may have been removed since it was connected.
    private func name(of container: ExistingContainer, on host: Host) throws -> String {
        let known = container.networks.contains(network)
        return known ? network : try host.network(matching: network).name
    }
}
