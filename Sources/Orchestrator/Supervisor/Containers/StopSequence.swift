import Linux

/// A stop under way: hooks, the stop signal, patience, SIGKILL.
final class StopSequence {
    /// From SIGKILL to the word that it was in vain; Docker's.
    static let lastPatience = Duration.seconds(10)

    private let loop: EventLoop
    private var hooks: HookRun?
    private var timer: EventLoop.Timer?
    /// Who waits for the end.
    private(set) var replies: [RequestReply] = []

    init(loop: EventLoop) { self.loop = loop }

    func add(_ reply: @escaping RequestReply) { replies.append(reply) }

    /// Runs the hooks, then goes on; hooks that fail stop nobody from stopping.
    func begin(_ hooks: HookRun) {
        self.hooks = hooks
        hooks.proceed()
    }

    /// Calls `lose` unless the container ends in time.
    func wait(_ patience: Duration, orElse lose: @escaping () -> Void) {
        hooks = nil
        timer = loop.after(patience) { [unowned self] in
            timer = nil
            lose()
        }
    }

    /// Does not wait any more.
    func runEnded() {
        hooks?.abandon()
        hooks = nil
        if let timer { loop.cancel(timer) }
        timer = nil
    }
}
