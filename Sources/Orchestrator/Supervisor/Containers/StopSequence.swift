import Linux

/// A stop under way: hooks, the stop signal, the grace period, SIGKILL.
final class StopSequence {
    /// How long to wait after SIGKILL before giving up, as Docker does.
    static let killPatience = Duration.seconds(10)

    private let loop: EventLoop
    private var hooks: HookRun?
    private var timer: EventLoop.Timer?
    /// The replies to the stop requests, sent when the container has exited.
    private(set) var replies: [RequestReply] = []
    /// The replies to start requests that arrived during the stop.
    private(set) var starts: [RequestReply] = []

    init(loop: EventLoop) { self.loop = loop }

    func add(_ reply: @escaping RequestReply) { replies.append(reply) }

    func startAfterwards(_ reply: @escaping RequestReply) { starts.append(reply) }

    /// Runs the hooks; the container is stopped even if they fail.
    func begin(_ hooks: HookRun) {
        self.hooks = hooks
        hooks.proceed()
    }

    /// Calls `expire` unless the container ends within `patience`.
    func wait(_ patience: Duration, orElse expire: @escaping () -> Void) {
        hooks = nil
        timer = loop.after(patience) { [unowned self] in
            timer = nil
            expire()
        }
    }

    /// Ends hooks and waiting.
    func cancel() {
        hooks?.abandon()
        hooks = nil
        if let timer { loop.cancel(timer) }
        timer = nil
    }
}
