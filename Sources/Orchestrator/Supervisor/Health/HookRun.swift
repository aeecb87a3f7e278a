import Linux

/// Runs the hooks of one container, one after the other.
final class HookRun {
    private var left: ArraySlice<HookCommand>
    private var current: CommandRun?
    private let run: (CommandRun.Request, @escaping (CommandRun.Outcome) -> Void) -> CommandRun?
    private let show: (String) -> Void
    private let finish: (String?) -> Void

    /// `show` receives every line that a hook writes; `finish` the reason why one failed, or nil
    /// if all succeeded.
    init(
        _ hooks: [HookCommand],
        run: @escaping (CommandRun.Request, @escaping (CommandRun.Outcome) -> Void) -> CommandRun?,
        show: @escaping (String) -> Void,
        finish: @escaping (String?) -> Void
    ) {
        left = hooks[...]
        self.run = run
        self.show = show
        self.finish = finish
    }

    /// Runs the next hook.
    func proceed() {
        guard let hook = left.popFirst() else { return finish(nil) }
        var lines = LineBuffer()
        let request = CommandRun.Request(
            command: hook.command,
            user: hook.user,
            workingDirectory: hook.workingDirectory,
            environment: hook.environment,
            isPrivileged: hook.isPrivileged,
            onOutput: { [show] in
                for line in lines.add($0) { show(String(decoding: line, as: UTF8.self)) }
            }
        )
        current = run(request) { [self] outcome in
            current = nil
            if let rest = lines.takeRest() { show(String(decoding: rest, as: UTF8.self)) }
            let words = hook.command.joined(separator: " ")
            switch outcome {
            case .ended(.exited(0), _): proceed()
            case .ended(let status, let output):
                // Without the line feed that ends the last line.
                let end = output.lastIndex { $0 != UInt8(ascii: "\n") }.map { $0 + 1 } ?? 0
                let text = String(decoding: output.prefix(end), as: UTF8.self)
                finish("hook '\(words)' failed with \(status)\(text.isEmpty ? "" : ": \(text)")")
            case .timedOut: finish("hook '\(words)' timed out")
            case .notStarted(let reason): finish("cannot run hook '\(words)': \(reason)")
            }
        }
    }

    /// Kills the running hook without reporting an outcome.
    func abandon() {
        left = []
        current?.abandon()
        current = nil
    }
}
