import ArgumentParser
import ComposeFile
import Notation
import Synchronization

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
    /// Each says its name in its configuration: to make one of a type takes a look through all of
    /// the program's conformances.
    static let all: [any ParsableCommand.Type] = [
        Attach.self, Build.self, Commit.self, Completion.self, Config.self, Cp.self, Create.self,
        Down.self, Events.self, Exec.self, Export.self, ImageGroup.self, Images.self, Kill.self,
        Logs.self, Ls.self, Pause.self, Port.self, Ps.self, Pull.self, Push.self, Restart.self,
        Rm.self, Run.self, Scale.self, Start.self, Stats.self, Stop.self, Top.self, Unpause.self,
        Up.self, Version.self, Volumes.self, Wait.self, Watch.self,
    ]

    /// Those that the parser is told of. It makes a tree of them, which for all of them takes
    /// longer than a quick command itself.
    private static let offered = Mutex(all)

    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "swiftcompose", subcommands: offered.withLock(\.self))
    }

    /// Offers the command of this name alone; all of them to the parser's own `help`.
    static func offer(_ name: String) throws(CommandError) {
        let named = all.filter {
            $0.configuration.commandName == name || $0.configuration.aliases.contains(name)
        }
        guard !named.isEmpty || name == "help" else {
            let names = all.compactMap { $0.configuration.commandName }
            throw .noSuchCommand(name, meant: Spelling.nearest(to: name, among: names))
        }
        offered.withLock { $0 = named.isEmpty ? all : named }
    }
}

/// A command that works on a project or on this machine's images, and waits for much at once.
protocol ComposeCommand: ParsableCommand, Sendable {
    /// Carries the command out and returns its exit status.
    func run(in session: Session) async throws -> Int32
}

/// A command that needs no second thread, or must not have one because it enters a container.
protocol SynchronousCommand: ParsableCommand {
    /// Carries the command out and returns its exit status.
    func run(in session: Session) throws -> Int32
}
