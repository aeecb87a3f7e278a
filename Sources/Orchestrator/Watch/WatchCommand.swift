import ComposeFile
import Linux
import Synchronization
import SystemPackage

/// The command of a `sync+exec` rule, run in one container by `swiftcompose exec`.
struct WatchCommand: Sendable {
    private let hook: Hook
    private let container: ExistingContainer
    private let executable: FilePath

    init(_ hook: Hook, in container: ExistingContainer, executable: FilePath) {
        self.hook = hook
        self.container = container
        self.executable = executable
    }

    /// Runs the command with the standard streams of this process; throws unless it exits with 0.
    func run() async throws {
        let (executable, arguments) = (executable, arguments)
        let interruption = Interruption()
        let status = try await withTaskCancellationHandler {
            try await BackgroundThread.run {
                let nothing = try Descriptor.open("/dev/null")
                let process = try ChildProgram.startDetached(
                    executable,
                    arguments: arguments,
                    descriptors: [nothing.number, 1, 2]
                )
                interruption.begin(process.descriptor.number, process.pid)
                defer { interruption.end() }
                return try process.wait().code
            }
        } onCancel: {
            interruption.interrupt()
        }
        if status != 0 {
            throw OrchestratorError.watchCommandFailed(
                container: container.record.name,
                status: status
            )
        }
    }

    private var arguments: [String] {
        let record = container.record
        var arguments = ["--project-name", record.project, "exec", "--no-tty"]
        arguments += ["--index", "\(record.number)"]
        if let user = hook.user { arguments += ["--user", user] }
        if let directory = hook.workingDirectory { arguments += ["--workdir", directory] }
        if hook.privileged { arguments.append("--privileged") }
        for (name, value) in hook.environment.sorted(by: { $0.key < $1.key }) {
            arguments += ["--env", value.map { "\(name)=\($0)" } ?? name]
        }
        return arguments + [record.service] + (hook.command ?? [])
    }

    /// Ends the program when the task that waits for it is cancelled.
    private final class Interruption: Sendable {
        private struct State {
            var process: (descriptor: Int32, pid: Int32)?
            var isInterrupted = false
        }

        private let state = Mutex(State())

        func begin(_ descriptor: Int32, _ pid: Int32) {
            state.withLock { $0.process = (descriptor, pid) }
            if state.withLock({ $0.isInterrupted }) { interrupt() }
        }

        func end() { state.withLock { $0.process = nil } }

        func interrupt() {
            state.withLock { state in
                state.isInterrupted = true
                guard let process = state.process else { return }
                // A program that has just exited accepts no signal.
                try? ProcessHandle.send(.terminate, through: process.descriptor, pid: process.pid)
            }
        }
    }
}
