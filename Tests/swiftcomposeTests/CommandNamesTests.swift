import ArgumentParser
import Testing

@testable import swiftcompose

/// All names of docker compose's commands and options are known here, or refused by name.
struct CommandNamesTests {
    /// Commands that are refused with the reason.
    private static let refused: Set<String> = ["alpha", "bridge", "publish"]
    /// Options that the parser refuses by name.
    private static let missing: Set<String> = ["build --check", "build --print"]

    /// The long and short names of the command's options, hidden ones too.
    private func names(of command: any ParsableCommand.Type) -> Set<String> {
        let root: any ParsableCommand.Type =
            command == Swiftcompose.self ? Swiftcompose.self : CommandTree.self
        let help = root.helpMessage(for: command, includeHidden: true)
        let lines = help.split(separator: "\n").filter { $0.hasPrefix("  -") }
        let name = /--?(\w[\w-]*)/
        return Set(lines.flatMap { $0.matches(of: name).map { String($0.output.1) } })
    }

    @Test(arguments: OracleCommandLine.options.map(\.command))
    func `every name of docker compose is known`(path: String) {
        let name = path.prefix { $0 != " " }
        let command: (any ParsableCommand.Type)? =
            path.isEmpty
            ? Swiftcompose.self
            : CommandTree.all.first { $0.configuration.commandName == String(name) }
        guard let command else {
            #expect(Self.refused.contains(String(name)))
            do {
                _ = try CommandTree.root(for: String(name))
                Issue.record("'\(name)' is not refused")
            } catch {
                #expect("\(error)".contains("not supported"), "\(error)")
            }
            return
        }
        // Commands of commands are compared by those who implement them.
        guard path == name else { return }
        let known = names(of: command)
        for entry in OracleCommandLine.options where entry.command == path {
            for option in entry.options {
                let isMissing = Self.missing.contains("\(path) --\(option.long)")
                #expect(known.contains(option.long) || isMissing, "\(path) --\(option.long)")
                if let short = option.short {
                    #expect(known.contains(short) || isMissing, "\(path) -\(short)")
                }
            }
        }
    }
}
