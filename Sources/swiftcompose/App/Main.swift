import Dispatch
import Glibc
import Orchestrator

/// Where the program begins.
///
/// What clones containers or enters namespaces must run before a second thread exists, so such
/// commands are told apart here, before anything asynchronous begins.
@main
enum Main {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if let command = arguments.first.flatMap(InternalCommand.init(rawValue:)) {
            exit(command.run(Array(arguments.dropFirst())))
        }
        switch Invocation.begin(arguments) {
        case .finished(let status): exit(status)
        case .asynchronous(let run):
            // Ends the process itself; nobody else waits for it.
            Task { exit(await run()) }
            dispatchMain()
        }
    }
}

/// A program inside the program, started by ourselves and not shown to users.
enum InternalCommand: String {
    case runtime
    case supervise
    case synchronize = "sync-files"

    /// Returns the exit status.
    func run(_ arguments: [String]) -> Int32 {
        switch self {
        case .runtime: RuntimeCommand.run(arguments)
        case .supervise: SuperviseCommand.run(arguments)
        case .synchronize: SyncCommand.run(arguments)
        }
    }
}
