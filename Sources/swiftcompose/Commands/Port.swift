import ArgumentParser
import Orchestrator

struct Port: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "port",
        abstract: "Print the host address and port of a published port."
    )

    @Option(help: "Index of the container if the service has several replicas.")
    var index = 0

    @Option(name: .customLong("protocol"), help: "tcp or udp.")
    var transport = "tcp"

    @Argument(help: "Service name.", completion: .runningServices)
    var service: String

    @Argument(help: "Port of the container.")
    var privatePort: UInt16

    func run(in session: Session) throws -> Int32 {
        let container = try session.runningContainer(of: service, index: index)
        let listing = ContainerListing(container: container, now: .now)
        let match = listing.publishers.first {
            $0.isPublished && $0.targetPort == privatePort && $0.protocol == transport
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
