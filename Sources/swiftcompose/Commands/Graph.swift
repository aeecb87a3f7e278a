import ArgumentParser
import Linux
import Orchestrator
import SystemPackage

struct Graph: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Draw services, networks, volumes, ports and dependencies with live states."
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case tree
        case dot
        case json
        case mermaid
        case svg
    }

    @Option(help: "Form of the drawing (tree|dot|mermaid|svg|json).")
    var format = Format.tree

    @Option(name: .shortAndLong, help: "Write to a file instead of standard output.")
    var output: String?

    @Argument(
        help: "Services to draw, with their dependencies (default: all).",
        completion: .declaredServices
    )
    var services: [String] = []

    func run(in session: Session) throws -> Int32 {
        let graph = try ProjectGraph(session.loadProject(services: services), session.paths)
        let text =
            switch format {
            case .tree: graph.tree
            case .dot: graph.dot
            case .json: JSONText.line(graph)
            case .mermaid: graph.mermaid
            case .svg: graph.svg
            }
        if let output {
            try AtomicFile.write(Array((text + "\n").utf8), to: FilePath(output), mode: 0o644)
        } else {
            Output.line(text)
        }
        return 0
    }
}
