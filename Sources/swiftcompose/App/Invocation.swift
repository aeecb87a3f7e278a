import ArgumentParser
import ImageBuilder
import Linux

/// One invocation of the program: parses the arguments, runs the command, reports errors.
enum Invocation {
    /// The work that is left once the arguments have been parsed.
    enum Continuation {
        /// The command has finished with this exit status.
        case finished(Int32)
        /// Returns the exit status.
        case asynchronous(@Sendable () async -> Int32)
    }

    /// Parses the arguments; runs the command at once if it is synchronous.
    static func begin(_ arguments: [String]) -> Continuation {
        do {
            if arguments.first == "---completion" { return complete(arguments) }
            if let quick = QuickArguments(exec: arguments) {
                let session = Session(quick.global)
                try session.enterNamespaces()
                return .finished(try quick.exec.run(in: session))
            }
            return try parse(arguments)
        } catch {
            return .finished(report(error, of: GlobalCommand.self))
        }
    }

    private static func parse(_ arguments: [String]) throws -> Continuation {
        let arguments = SplitArguments(arguments)
        let (before, after) = (arguments.global, arguments.command)
        if before.contains(where: helpFlags.contains) { return printUsage(before) }
        let session = Session(try GlobalCommand.parse(before).global.settings)
        try session.validate()
        session.warnOfIgnored([("--verbose", session.global.verbose)])
        guard let name = after.first else { return printUsage(before) }
        if session.global.dryRun, changesImages(after) { throw CommandError.noDryRun }
        let root = try CommandTree.root(for: name)
        do {
            var command = try root.parseAsRoot(after)
            switch command {
            case let command as any SynchronousCommand:
                if command.usesContainers { try session.enterNamespaces() }
                return .finished(run(command, root, session) { try command.run(in: session) })
            case let command as any ComposeCommand:
                if command.usesContainers { try session.enterNamespaces() }
                return .asynchronous {
                    await run(command, root, session) { try await command.run(in: session) }
                }
            default:
                try command.run()
                return .finished(0)
            }
        } catch {
            return .finished(report(error, of: root))
        }
    }

    /// Whether the command is one of `image` that does more than print.
    private static func changesImages(_ arguments: [String]) -> Bool {
        arguments.first == "image"
            && !["ls", "list", "inspect"].contains(arguments.dropFirst().first)
    }

    /// Prints the completions that the scripts of `completion` ask for.
    private static func complete(_ arguments: [String]) -> Continuation {
        do {
            _ = try Swiftcompose.parseAsRoot(arguments)
            return .finished(0)
        } catch {
            return .finished(report(error, of: Swiftcompose.self))
        }
    }

    private static func run(
        _ command: any ParsableCommand,
        _ root: any ParsableCommand.Type,
        _ session: Session,
        _ body: () throws -> Int32
    ) -> Int32 {
        do {
            return try body()
        } catch let error as ValidationError {
            return report(error, usage: root.usageString(for: type(of: command)))
        } catch {
            return report(error, of: root, asJSON: session.progressMode == .json)
        }
    }

    private static func run(
        _ command: any ComposeCommand,
        _ root: any ParsableCommand.Type,
        _ session: Session,
        _ body: () async throws -> Int32
    ) async -> Int32 {
        do {
            return try await body()
        } catch let error as ValidationError {
            return report(error, usage: root.usageString(for: type(of: command)))
        } catch {
            return report(error, of: root, asJSON: session.progressMode == .json)
        }
    }

    private static let helpFlags: Set<String> = ["-h", "--help", "-v", "--version"]
    private static func printUsage(_ arguments: [String]) -> Continuation {
        if arguments.contains("-v") || arguments.contains("--version") {
            Version.printVersion()
        } else {
            Output.line(Swiftcompose.helpMessage())
        }
        return .finished(0)
    }

    /// Reports a fault of the arguments that only a running command could find.
    private static func report(_ error: ValidationError, usage: String) -> Int32 {
        Output.printError("Error: \(error.message)\nUsage: \(usage)")
        return 1
    }

    /// Prints `error`, with a usage line if parsing failed, and returns the exit status.
    private static func report(
        _ error: any Error,
        of root: any ParsableCommand.Type,
        asJSON: Bool = false
    ) -> Int32 {
        if let reported = error as? ExitStatusError { return reported.code }
        if error is CancellationError {
            Output.printError("Error: interrupted")
            return 130
        }
        if asJSON, root.exitCode(for: error) != .success {
            Output.printError(JSONText.line(JSONError(message: "\(root.message(for: error))")))
            return 1
        }
        // The description of a failed build is a report of several lines.
        let text = (error as? BuildError)?.description ?? root.fullMessage(for: error)
        if root.exitCode(for: error) == .success {
            Output.line(text)
            return 0
        }
        Output.printError(text)
        return 1
    }
}

/// An error as `--progress json` prints it, like docker compose.
private struct JSONError: Encodable {
    let error = true
    let message: String
}
