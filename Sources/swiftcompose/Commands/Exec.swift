import ArgumentParser

/// The arguments of `exec`; `QuickArguments` reads the plain ones among them as well.
struct Exec: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: ExecInvocation.commandName,
        abstract: "Run a command in a running container."
    )

    @Flag(name: .shortAndLong, help: "Do not wait.")
    var detach = false

    @Option(name: .shortAndLong, help: "KEY[=VALUE]: an environment variable; repeatable.")
    var env: [String] = []

    @Option(help: "Which replica; the lowest that runs if none is named.")
    var index = 0

    @Flag(
        name: [.customShort("T"), .customLong("no-tty"), .customLong("no-TTY")],
        help: "No pseudo-terminal."
    )
    var noTTY = false

    @Flag(help: "All capabilities.")
    var privileged = false

    @Option(name: .shortAndLong, help: "User or uid, with optional :group.")
    var user: String?

    @Option(name: .shortAndLong, help: "Working directory.")
    var workdir: String?

    @Flag(name: .shortAndLong, help: .hidden)
    var interactive = false

    @Flag(name: .shortAndLong, help: .hidden)
    var tty = false

    @Argument(help: "The service.")
    var service: String

    @Argument(parsing: .captureForPassthrough, help: "The command and its arguments.")
    var command: [String]

    var invocation: ExecInvocation {
        ExecInvocation(
            detach: detach,
            environment: env,
            index: index,
            noTTY: noTTY,
            privileged: privileged,
            user: user,
            workingDirectory: workdir,
            service: service,
            command: command
        )
    }

    func run(in session: Session) throws -> Int32 { try invocation.run(in: session) }
}
