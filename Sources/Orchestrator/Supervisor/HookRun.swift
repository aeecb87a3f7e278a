import Linux

/// Hooks of one container, run one after the other.
final class HookRun {
    private var left: ArraySlice<HookCommand>
    private var current: CommandRun?
    private let run: (CommandRun.Request, @escaping (CommandRun.Outcome) -> Void) -> CommandRun?
    private let finish: (String?) -> Void

    /// `finish` gets the reason why one failed, or nil when all succeeded.
    init(
        _ hooks: [HookCommand],
        run: @escaping (CommandRun.Request, @escaping (CommandRun.Outcome) -> Void) -> CommandRun?,
        finish: @escaping (String?) -> Void
    ) {
        left = hooks[...]
        self.run = run
        self.finish = finish
    }

    /// Runs the next one.
    func proceed() {
        guard let hook = left.popFirst() else { return finish(nil) }
        let request = CommandRun.Request(
            command: hook.command,
            user: hook.user,
            workingDirectory: hook.workingDirectory,
            environment: hook.environment,
            isPrivileged: hook.isPrivileged
        )
        current = run(request) { [self] outcome in
            current = nil
            let words = hook.command.joined(separator: " ")
            switch outcome {
            case .ended(.exited(0), _): proceed()
            case .ended(let status, let output):
                let text = String(decoding: output, as: UTF8.self)
                finish("hook '\(words)' ended with \(status)\(text.isEmpty ? "" : ": \(text)")")
            case .timedOut: finish("hook '\(words)' took too long")
            case .notStarted(let reason): finish("hook '\(words)' could not be run: \(reason)")
            }
        }
    }

    /// Kills the one that runs; nobody is told.
    func abandon() {
        left = []
        current?.abandon()
        current = nil
    }
}
