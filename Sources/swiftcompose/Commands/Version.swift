import ArgumentParser
import Orchestrator

struct Version: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Tell which swiftcompose this is."
    )

    enum Format: String, ExpressibleByArgument {
        case pretty
        case json
    }

    @Option(name: .shortAndLong, help: "pretty or json.")
    var format = Format.pretty

    @Flag(help: "Only the number.")
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
