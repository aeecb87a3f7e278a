import ArgumentParser
import Orchestrator

struct Version: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Print the version."
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case pretty
        case json
    }

    @Option(name: .shortAndLong, help: "Format of the output (pretty|json).")
    var format = Format.pretty

    @Flag(help: "Show only the version number.")
    var short = false

    func run() {
        let version = SwiftcomposeVersion.current
        if short {
            Output.line(version)
        } else if format == .json {
            Output.line(JSONText.line(["version": "v\(version)"]))
        } else {
            Self.printVersion()
        }
    }

    static func printVersion() {
        Output.line("swiftcompose version v\(SwiftcomposeVersion.current)")
    }
}
