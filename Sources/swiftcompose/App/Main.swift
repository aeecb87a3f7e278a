import ContainerRuntime
import Dispatch
import Glibc
import Orchestrator
import Rootless

/// The entry point.
///
/// Commands that clone containers or enter namespaces must run before a second thread exists, so
/// they are run here, before anything asynchronous.
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
            // The task exits the process itself, so nothing waits for it.
            Task { exit(await run()) }
            dispatchMain()
        }
    }
}

/// A hidden command, which the program runs in processes of its own.
enum InternalCommand: String {
    case runtime
    case supervise
    case synchronize = "sync-files"
    case containerFiles = "container-files"

    /// Runs the command and returns its exit status.
    ///
    /// These programs outlive the command or serve several commands, so they inherit neither its
    /// priority and similar attributes nor those of the thread that started them.
    func run(_ arguments: [String]) -> Int32 {
        // The command still runs if an attribute cannot be reset.
        try? InheritedAttributes.reset()
        do {
            try UserSession.attend()
        } catch {
            Output.printError("\(error)")
            return 125
        }
        return switch self {
        case .runtime: RuntimeCommand.run(arguments)
        case .supervise: SuperviseCommand.run(arguments)
        case .synchronize: SyncCommand.run(arguments)
        case .containerFiles: FilesCommand.run(arguments)
        }
    }
}
