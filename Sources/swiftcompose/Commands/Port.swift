import ArgumentParser
import Orchestrator

struct Port: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "port",
        abstract: "Print where a container's port is published."
    )

    @Option(help: "Which replica.")
    var index = 0

    @Option(name: .customLong("protocol"), help: "tcp or udp.")
    var transport = "tcp"

    @Argument(help: "The service.", completion: .runningServices)
    var service: String

    @Argument(help: "The port in the container.")
    var privatePort: UInt16

    func run(in session: Session) throws -> Int32 {
        let container = try session.runningContainer(of: service, index: index)
        let listing = ContainerListing(container: container, now: .now)
        let match = listing.publishers.first {
            $0.targetPort == privatePort && $0.protocol == transport
        }
        guard let match else {
            throw CommandError.portNotPublished(
                "\(privatePort)/\(transport)",
                container: container.record.name,
                published: listing.ports
            )
        }
        let host = match.url.contains(":") ? "[\(match.url)]" : match.url
        Output.line("\(host):\(match.publishedPort)")
        return 0
    }
}

extension Session {
    /// A running container of `service`: number `index`, or the lowest that runs, or one of `run`.
    func runningContainer(of service: String, index: Int) throws -> ExistingContainer {
        let project = try projectReference(naming: [service])
        let containers = try project.containers()
        let running = containers.filter { container in
            container.record.service == service && container.isRunning
                && (index <= 0 || container.record.number == index)
        }
        guard let best = running.min(by: { $0.record.isPreferred(to: $1.record) }) else {
            throw index > 0
                ? CommandError.replicaNotRunning(service, index)
                : CommandError.serviceNotRunning(service)
        }
        return best
    }
}
