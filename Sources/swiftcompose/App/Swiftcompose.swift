import ArgumentParser

/// The root command as `swiftcompose --help` shows it: global options, then a command.
struct Swiftcompose: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swiftcompose",
        abstract: """
            Run the services of a Compose file, without a daemon or another container engine.
            """,
        usage: usage,
        subcommands: CommandTree.all
    )
    static let usage = "swiftcompose [OPTIONS] COMMAND"

    @OptionGroup var global: GlobalOptions
}

/// The global options alone, which are parsed before the command is known.
struct GlobalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swiftcompose",
        usage: Swiftcompose.usage
    )

    @OptionGroup var global: GlobalOptions
}

/// A root with a single command: building the parser's tree of all of them takes longer than a
/// quick command itself.
struct CommandRoot<Command: ParsableCommand>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "swiftcompose", subcommands: [Command.self])
    }
}
