import ArgumentParser

/// The root command as its help shows it: global options, then a command.
struct Swiftcompose: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swiftcompose",
        abstract: "Run the services of a Compose file, with no daemon and no other engine.",
        usage: "swiftcompose [options] <command> [options]",
        subcommands: Commands.all
    )

    @OptionGroup var global: GlobalOptions
}

/// The commands without the global options, which may have the same letters as theirs.
struct Commands: ParsableCommand {
    static let all: [any ParsableCommand.Type] = [Config.self, ImageGroup.self, Version.self]

    static let configuration = CommandConfiguration(
        commandName: "swiftcompose",
        subcommands: all
    )
}

/// A command that works on a project or on this machine's images.
protocol ComposeCommand: ParsableCommand {
    /// Carries the command out and returns its exit status.
    func run(in session: Session) async throws -> Int32
}
