import ArgumentParser
import Linux

/// One call of the program: reads the arguments, runs the command, tells what went wrong.
enum Invocation {
    /// What is left to do after the arguments were read.
    enum Rest {
        case finished(Int32)
        /// Gives the exit status.
        case asynchronous(@Sendable () async -> Int32)
    }

    /// Reads the arguments and runs the command at once if it is a synchronous one.
    static func begin(_ arguments: [String]) -> Rest {
        do {
            if let quick = QuickArguments(exec: arguments) {
                return .finished(try quick.exec.run(in: Session(quick.global)))
            }
            let (before, after) = split(arguments)
            if before.contains(where: helpFlags.contains) { return greet(before) }
            let session = Session(try GlobalOptions.parse(before).settings)
            guard let name = after.first else { return greet(before) }
            try Commands.offer(name)
            var command = try Commands.parseAsRoot(after)
            switch command {
            case let command as any SynchronousCommand:
                return .finished(try command.run(in: session))
            case let command as any ComposeCommand:
                return .asynchronous { await run(command, in: session) }
            default:
                try command.run()
                return .finished(0)
            }
        } catch {
            return .finished(explain(error))
        }
    }

    private static func run(_ command: any ComposeCommand, in session: Session) async -> Int32 {
        do {
            return try await command.run(in: session)
        } catch {
            return explain(error)
        }
    }

    /// Divides the arguments before the command's name.
    static func split(_ arguments: [String]) -> (global: [String], command: [String]) {
        var index = 0
        while index < arguments.count, arguments[index].hasPrefix("-") {
            index += valueOptions.contains(arguments[index]) ? 2 : 1
        }
        index = min(index, arguments.count)
        let command = CommandArguments(Array(arguments[index...]))
        // The one global flag that every command accepts as well.
        return (arguments[..<index] + (command.isDryRun ? ["--dry-run"] : []), command.said)
    }

    private static let helpFlags: Set<String> = ["-h", "--help", "-v", "--version"]
    private static let valueOptions: Set<String> = [
        "-f", "--file", "-p", "--project-name", "--project-directory", "--env-file", "--profile",
        "--ansi", "--progress", "--parallel", "--workdir",
    ]

    private static func greet(_ arguments: [String]) -> Rest {
        if arguments.contains("-v") || arguments.contains("--version") {
            Version.tell()
        } else {
            Output.line(Swiftcompose.helpMessage())
        }
        return .finished(0)
    }

    /// Tells an error and gives the exit status that belongs to it.
    private static func explain(_ error: any Error) -> Int32 {
        if let told = error as? ExitStatusError { return told.code }
        let text = Commands.fullMessage(for: error)
        if Commands.exitCode(for: error) == .success {
            Output.line(text)
            return 0
        }
        Output.complain(text)
        return 1
    }
}

/// A command that has told everything and ends with a status of its own.
struct ExitStatusError: Error {
    var code: Int32
}
