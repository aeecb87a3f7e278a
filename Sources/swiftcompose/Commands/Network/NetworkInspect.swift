import ArgumentParser
import ContainerNetwork
import Orchestrator

struct NetworkInspect: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Print the details of networks as JSON."
    )

    @Option(name: .shortAndLong, help: "Format of the output: json, or a Go template.")
    var format = "json"

    @Argument(help: "Names or IDs of networks.", completion: .networks)
    var networks: [String]

    func run(in session: Session) throws -> Int32 {
        let host = try session.openHost()
        let containers = try host.containersByNetwork()
        return try Inspection.print(networks, format: format) { name in
            let network = try host.network(matching: name)
            return NetworkInspection(
                network: network,
                containers: (containers[network.name] ?? []).filter(\.isRunning)
            )
        }
    }
}
