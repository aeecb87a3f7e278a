import ArgumentParser
import Orchestrator

struct SystemInfo: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Show a summary of the host and of its containers and images."
    )

    @Option(name: .shortAndLong, help: "Format of the output: text, json, or a Go template.")
    var format = "text"

    func run(in session: Session) throws -> Int32 {
        let listing = SystemListing(summary: try HostSummary(session.openHost()))
        switch format {
        case "text", "": for line in listing.text { Output.line(line) }
        case "json": Output.line(JSONText.line(listing))
        default: Output.line(try GoTemplate(format).text(of: TemplateValue(of: listing)))
        }
        return 0
    }
}
