import ArgumentParser
import ComposeFile
import Linux
import Orchestrator

struct Diff: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Print what 'up' would change, and why.",
        discussion: """
            Compares the Compose file with the existing containers, networks and volumes. An image \
            that 'up' would pull or build first counts as it is now.
            """
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    @Flag(help: "Exit with status 1 if there are changes.")
    var exitCode = false

    @Option(help: "Format of the output: text, or json with one object per line.")
    var format = Format.text

    @Flag(help: "Include the removal of containers of services that are not in the Compose file.")
    var removeOrphans = false

    @Argument(
        help: "Services to compare, with their dependencies (default: all).",
        completion: .declaredServices
    )
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        var global = session.global
        global.dryRun = true
        global.progress = .quiet
        let rehearsal = Session(global)
        let project = try rehearsal.loadProject(services: services)
        var options = ProjectChange.UpOptions()
        options.services = services
        options.planning.removesOrphans = removeOrphans
        options.ignoresOrphans = true
        let images = try ImageOptions.parse([])
        let changes = try await images.bringUp(project, in: rehearsal).changes(options)
        for change in changes {
            switch format {
            case .json: Output.line(JSONText.line(change))
            case .text: for line in change.lines { Output.line(line.escapedForTerminal()) }
            }
        }
        return exitCode && !changes.isEmpty ? 1 : 0
    }
}

extension PlannedChange {
    /// `~ container shop-web-1: recreate, since its configuration changed`, and the attributes.
    fileprivate var lines: [String] {
        let sign =
            switch action {
            case .create: "+"
            case .remove: "-"
            case .recreate, .restart, .start, .stop: "~"
            }
        return ["\(sign) \(kind.rawValue) \(name): \(action.rawValue), since \(cause)"]
            + changes.map { "    \($0)" }
    }
}
