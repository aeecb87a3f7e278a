import ContainerRuntime
import Linux
import OCI
import SystemPackage

/// The embedded runtime on its own, hidden from help: `runtime run [OPTIONS] BUNDLE` and
/// `runtime exec FILE`.
///
/// Parsed by hand, because it must clone before a second thread is started.
struct RuntimeCommand {
    private var bundle: FilePath?
    private var networkNamespace: String?
    private var outlivesParent = false
    private var streams = StandardStreams.inherited

    /// Returns the exit status: the container's own, or 125 to 127 when it could not run.
    static func run(_ arguments: [String]) -> Int32 {
        do {
            try ProtectedExecutable.ensure(CommandLine.arguments)
            switch arguments.first {
            case "run": return try RuntimeCommand(arguments.dropFirst()).run()
            case "exec" where arguments.count == 2:
                return try Foreground.exec(ExecSpecification(reading: FilePath(arguments[1]))).code
            default: throw RuntimeCommandError.usage
            }
        } catch let error as RuntimeError {
            StandardError.print("\(error)")
            return error.exitCode
        } catch {
            StandardError.print("\(error)")
            return 125
        }
    }

    private init(_ arguments: some Sequence<String>) throws(RuntimeCommandError) {
        var rest = Array(arguments.reversed())
        while let argument = rest.popLast() {
            switch argument {
            case "--network-namespace":
                guard let path = rest.popLast() else { throw .usage }
                networkNamespace = path
            case "--output", "--error":
                guard let path = rest.popLast() else { throw .usage }
                let fifo = StandardStreams.Stream.fifo(FilePath(path))
                if argument == "--output" { streams.output = fifo } else { streams.error = fifo }
            case "--outlive-parent": outlivesParent = true
            default:
                guard bundle == nil, !argument.hasPrefix("-") else { throw .usage }
                bundle = FilePath(argument)
            }
        }
    }

    private func run() throws -> Int32 {
        guard let bundle else { throw RuntimeCommandError.usage }
        var read = try Bundle(reading: bundle.absolute())
        if let networkNamespace {
            var namespaces = read.specification.linux?.namespaces ?? []
            namespaces.removeAll { $0.type == .network }
            namespaces.append(.init(.network, path: networkNamespace))
            read.specification.linux?.namespaces = namespaces
        }
        return try Foreground.run(
            read,
            streams: streams,
            options: .init(endsWithParent: !outlivesParent)
        ).code
    }
}

/// Invalid arguments of the hidden command.
enum RuntimeCommandError: Error, CustomStringConvertible {
    case usage

    var description: String {
        """
        usage: swiftcompose runtime run [--network-namespace PATH] [--output FIFO] [--error FIFO]
                            [--outlive-parent] BUNDLE
               swiftcompose runtime exec FILE
        """
    }
}

/// Errors of the hidden command.
private enum StandardError {
    static func print(_ text: String) {
        // A closed standard error cannot be reported.
        try? Descriptor.write(
            Array("swiftcompose: \(text.escapedForTerminal(keepingNewlines: true))\n".utf8),
            to: 2
        )
    }
}

extension FilePath {
    /// Returns the path independent of the working directory.
    fileprivate func absolute() throws -> FilePath {
        if isAbsolute { return self }
        return try FilePath(CurrentProcess.workingDirectory()).pushing(self)
    }
}
