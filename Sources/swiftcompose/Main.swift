import Dispatch
import Glibc

/// Where the program begins.
///
/// Commands that clone containers must run before a second thread exists, so they are told apart
/// here, before anything asynchronous begins.
@main
enum Main {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if let command = arguments.first.flatMap(SynchronousCommand.init(rawValue:)) {
            exit(command.run(Array(arguments.dropFirst())))
        }
        // Ends the process itself; nobody else waits for it.
        Task { exit(await Invocation.run(arguments)) }
        dispatchMain()
    }
}

/// A hidden command that needs the process to itself: one thread, no cooperative pool.
enum SynchronousCommand: String {
    case runtime

    /// Returns the exit status.
    func run(_ arguments: [String]) -> Int32 {
        switch self {
        case .runtime: RuntimeCommand.run(arguments)
        }
    }
}
