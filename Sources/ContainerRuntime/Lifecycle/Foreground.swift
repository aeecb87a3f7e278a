public import Linux
import OCI
import SystemPackage

/// Runs one container to its end, with the caller's streams, as `runc run` does.
public enum Foreground {
    /// Creates and starts the bundle's container, passes signals on, and waits for its end.
    ///
    /// The container is killed when the caller exits unless `options` say otherwise; its control
    /// group is removed.
    public static func run(
        _ bundle: Bundle,
        streams: StandardStreams = .inherited,
        options: Container.Options = .init(endsWithParent: true)
    ) throws(RuntimeError) -> ExitStatus {
        // Blocked from before the clone on, so that none is lost; the program gets none of it.
        let (loop, signals) = try attempt(.wait) { () throws(SystemCallError) in
            (try EventLoop(), try SignalReader(forwarded))
        }
        var container = try Container.create(bundle, streams: streams, options: options)
        let cgroup = container.cgroup
        let console = try container.takeConsole()
        let process = try container.start()
        let status = try wait(for: process, console, signals, loop)
        try cgroup.killAll()
        try cgroup.remove()
        return status
    }

    /// What a user or a service manager may send on purpose, but for stopping us: whoever waits
    /// for a stopped program would wait for ever.
    public static let forwarded: [Signal] = [
        .hangUp, .interrupt, .quit, .terminate, .windowChange, .user1, .user2, .goOn,
    ]

    /// Relays signals and terminal until the process has ended.
    static func wait(
        for process: borrowing ProcessHandle,
        _ console: consuming Descriptor?,
        _ signals: SignalReader,
        _ loop: EventLoop
    ) throws(RuntimeError) -> ExitStatus {
        let relay: TerminalRelay?
        if let console = consume console {
            let number = console.release()
            relay = try attempt(.terminal) { () throws(SystemCallError) in
                try TerminalRelay(Descriptor(owning: number), in: loop)
            }
        } else {
            relay = nil
        }
        defer { relay?.end() }
        let (pidfd, pid) = (process.descriptor.number, process.pid)
        return try attempt(.wait) { () throws(SystemCallError) in
            try loop.watch(pidfd) { _ in loop.stop() }
            try loop.watch(signals.descriptor.number) { _ in
                while let signal = signals.next() { pass(signal, to: pidfd, pid, relay) }
            }
            try loop.run()
            return try process.wait()
        }
    }

    /// Gives a signal to the process, or what it means to the terminal.
    public static func pass(
        _ signal: Signal,
        to pidfd: Int32,
        _ pid: Int32,
        _ relay: TerminalRelay?
    ) {
        // A process that has just ended takes no signal, and a terminal that has gone no size.
        switch (signal, relay) {
        case (.windowChange, let relay?): try? relay.resize()
        case (.goOn, let relay?): try? relay.goOn()
        case (.windowChange, nil): break
        default: try? ProcessHandle.send(signal, through: pidfd, pid: pid)
        }
    }
}
