import ArgumentParser
import ContainerNetwork
import Orchestrator

struct NetworkRm: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Remove networks that no running container is connected to.",
        aliases: ["remove"]
    )

    @Flag(name: .shortAndLong, help: "Succeed if a network does not exist.")
    var force = false

    @Argument(help: "Names or IDs of networks.", completion: .networks)
    var networks: [String]

    func run(in session: Session) throws -> Int32 {
        let host = try session.openHostToChange()
        return networks.removingEach { name in
            do {
                _ = try host.remove(network: host.network(matching: name).name)
            } catch OrchestratorError.noSuchNetwork where force {
                return false
            }
            return true
        }
    }
}

extension [String] {
    /// Calls `remove` for each name and prints those that it has removed; errors are printed, and
    /// make the exit status 1.
    func removingEach(_ remove: (String) throws -> Bool) -> Int32 {
        var status: Int32 = 0
        for name in self {
            do {
                if try remove(name) { Output.line(name) }
            } catch {
                Output.printError("Error: \(error)")
                status = 1
            }
        }
        return status
    }
}
