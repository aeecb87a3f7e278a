import ArgumentParser
import Linux

/// One call of the program: reads the arguments, runs the command, tells what went wrong.
enum Invocation {
    /// Returns the exit status.
    static func run(_ arguments: [String]) async -> Int32 {
        let (before, after) = split(arguments)
        do {
            let global = try GlobalOptions.parse(before.filter { !helpFlags.contains($0) })
            guard !after.isEmpty, before.allSatisfy({ !helpFlags.contains($0) }) else {
                return greet(before)
            }
            var command = try Commands.parseAsRoot(after)
            if let command = command as? any ComposeCommand {
                return try await command.run(in: Session(global))
            }
            try command.run()
            return 0
        } catch let error as ExitStatusError {
            return error.code
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
        var (global, command) = (Array(arguments[..<index]), Array(arguments[index...]))
        // The one global flag that every command accepts as well.
        let end = command.firstIndex(of: "--") ?? command.endIndex
        if let flag = command[..<end].firstIndex(of: "--dry-run"), !takesForeignFlags(command) {
            global.append(command.remove(at: flag))
        }
        return (global, command)
    }

    private static let helpFlags: Set<String> = ["-h", "--help"]
    private static let valueOptions: Set<String> = [
        "-f", "--file", "-p", "--project-name", "--project-directory", "--env-file", "--profile",
        "--ansi", "--progress", "--parallel", "--workdir",
    ]

    /// After the service's name everything belongs to the program in the container.
    private static func takesForeignFlags(_ command: [String]) -> Bool {
        ["exec", "run"].contains(command.first)
    }

    private static func greet(_ arguments: [String]) -> Int32 {
        if arguments.contains("-v") || arguments.contains("--version") {
            Version.tell()
            return 0
        }
        Output.line(Swiftcompose.helpMessage())
        return 0
    }

    private static func explain(_ error: any Error) -> Int32 {
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
