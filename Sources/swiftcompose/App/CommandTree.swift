import ArgumentParser
import Notation

/// The commands without the global options, whose short names commands may use for their own options.
struct CommandTree: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "swiftcompose", subcommands: all)

    /// Each command has an explicit name: deriving it from the type searches all of the program's
    /// conformances.
    static let all: [any ParsableCommand.Type] = [
        ApiGroup.self, Attach.self, BridgeGroup.self, Build.self, Commit.self, Completion.self,
        Config.self, Cp.self, Create.self, Debug.self, Diff.self, Doctor.self, Down.self,
        Events.self, Exec.self,
        Export.self,
        Graph.self, ImageGroup.self, Images.self, Kill.self, Logs.self, Ls.self, NetworkGroup.self,
        Open.self, Pause.self, Port.self, Ps.self, Pull.self,
        Push.self, Restart.self, Rm.self, Run.self, Scale.self, StackGroup.self, Start.self,
        Stats.self,
        Stop.self,
        SystemGroup.self, Top.self, Unpause.self, Up.self, Version.self, VolumeGroup.self,
        Volumes.self, Wait.self, Watch.self, Why.self,
    ]

    /// Returns the root to parse the command `name` with; the whole tree for the parser's own `help`.
    static func root(for name: String) throws(CommandError) -> any ParsableCommand.Type {
        if name == "help" { return CommandTree.self }
        let command = all.first {
            $0.configuration.commandName == name || $0.configuration.aliases.contains(name)
        }
        if command == nil, let reason = unsupported[name] {
            throw .unsupportedCommand(name, reason: reason)
        }
        guard let command else {
            let names = all.compactMap { $0.configuration.commandName }
            throw .unknownCommand(name, suggestion: Spelling.nearest(to: name, among: names))
        }
        return root(of: command)
    }

    /// Commands of docker compose that do not exist here, with the reasons or alternatives.
    private static let unsupported = [
        "alpha": "its commands are experimental in docker compose",
        "bridge": "use 'config' to export the model for other tools",
        "publish": "copy the output of 'config' instead",
    ]

    private static func root<Command: ParsableCommand>(
        of command: Command.Type
    ) -> any ParsableCommand.Type { CommandRoot<Command>.self }
}
