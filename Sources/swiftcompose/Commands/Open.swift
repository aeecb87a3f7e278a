import ArgumentParser
import Linux
import Orchestrator

struct Open: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Print the URL of a published port, or open it in a browser."
    )

    @Flag(name: .shortAndLong, help: "Open the URL with xdg-open instead of printing it.")
    var browser = false

    @Option(help: "Index of the container if the service has several replicas.")
    var index = 0

    @Flag(help: "Print a JSON object with url, host and port.")
    var json = false

    @Option(help: "Scheme of the URL (default: https for ports 443 and 8443, else http).")
    var scheme: String?

    @Argument(help: "Service name.", completion: .runningServices)
    var service: String

    @Argument(help: "Port of the container (default: the first published one).")
    var port: UInt16?

    func validate() throws {
        if browser, json { throw CommandError.incompatible("--browser", "--json") }
    }

    func run(in session: Session) throws -> Int32 {
        let container = try session.runningContainer(of: service, index: index)
        let listing = ContainerListing(container: container, now: .now)
        let match = listing.publishers.first { publisher in
            publisher.isPublished && publisher.protocol == "tcp"
                && port.map { $0 == publisher.targetPort } ?? true
        }
        guard let match else {
            throw CommandError.portNotPublished(
                port.map { "\($0)/tcp" } ?? "published",
                container: container.record.name,
                published: listing.ports
            )
        }
        let place = PublishedURL(match, scheme: scheme)
        if browser {
            try open(place.url, in: session)
        } else {
            Output.line(json ? JSONText.line(place) : place.url)
        }
        return 0
    }

    private func open(_ url: String, in session: Session) throws {
        let path = session.environment["PATH"] ?? ""
        guard let program = ProgramSearch.find("xdg-open", in: path) else {
            throw CommandError.noBrowser(url)
        }
        _ = try ChildProgram.startDetached(program, arguments: [url], descriptors: [0, 1, 2])
    }
}

/// The address of a published port for a browser on this host.
struct PublishedURL: Encodable, Equatable {
    let url: String
    let host: String
    let port: UInt16

    init(_ publisher: ContainerListing.Publisher, scheme: String?) {
        let isEverywhere = ["", "0.0.0.0", "::"].contains(publisher.url)
        host = isEverywhere ? "localhost" : publisher.url
        port = publisher.publishedPort
        let scheme = scheme ?? ([443, 8443].contains(publisher.targetPort) ? "https" : "http")
        let isUsual = (scheme, port) == ("http", 80) || (scheme, port) == ("https", 443)
        let name = host.contains(":") ? "[\(host)]" : host
        url = "\(scheme)://\(name)" + (isUsual ? "" : ":\(port)") + "/"
    }
}
