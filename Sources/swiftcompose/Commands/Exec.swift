import ArgumentParser

/// The arguments of `exec`; `QuickArguments` parses the common ones as well.
struct Exec: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: ExecInvocation.commandName,
        abstract: "Run a command in a running container."
    )

    @Flag(name: .shortAndLong, help: "Run the command in the background.")
    var detach = false

    @Option(name: .shortAndLong, help: "Set an environment variable (KEY[=VALUE]); repeatable.")
    var env: [String] = []

    @Option(help: "Index of the container if the service has several replicas.")
    var index = 0

    @Flag(
        name: [.customShort("T"), .customLong("no-tty"), .customLong("no-TTY")],
        help: "Do not allocate a pseudo-terminal."
    )
    var noTTY = false

    @Flag(help: "Run with all capabilities.")
    var privileged = false

    @Option(name: .shortAndLong, help: "Run as this user name or uid, with an optional :group.")
    var user: String?

    @Option(name: .shortAndLong, help: "Path to the working directory in the container.")
    var workdir: String?

    @Flag(name: .shortAndLong, help: .hidden)
    var interactive = false

    @Flag(name: .shortAndLong, help: .hidden)
    var tty = false

    @Argument(help: "Service name.", completion: .runningServices)
    var service: String

    @Argument(parsing: .captureForPassthrough, help: "Command and its arguments.")
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
