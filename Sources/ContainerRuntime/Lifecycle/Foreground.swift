public import Linux
import OCI
import SystemPackage

/// Runs a process with the caller's streams until it exits, as `runc run` and `runc exec` do.
public enum Foreground {
    /// Creates and starts the bundle's container, forwards signals, and waits until it exits.
    ///
    /// The container is killed when the caller exits unless `options` say otherwise; its control
    /// group is removed.
    public static func run(
        _ bundle: Bundle,
        streams: StandardStreams = .inherited,
        options: Container.Options = .init(endsWithParent: true)
    ) throws(RuntimeError) -> ExitStatus {
        // Blocked before the clone, so that no signal is lost; the program's mask is reset.
        let (loop, signals) = try RuntimeError.during(
            .wait,
            (EventLoop(), SignalReader(forwarded))
        )
        var container = try Container.create(bundle, streams: streams, options: options)
        let cgroup = container.cgroup
        let console = try container.takeConsole()
        let process = try container.start()
        let status = try wait(for: process, console, signals, loop)
        try cgroup.killAll()
        try cgroup.remove()
        return status
    }

    /// The signals to forward: those that a user or a service manager sends on purpose.
    ///
    /// SIGTSTP is not forwarded, since waiting for a stopped program would never end.
    public static let forwarded: [Signal] = [
        .hangUp, .interrupt, .quit, .terminate, .windowChange, .user1, .user2, .continue,
    ]

    /// Forwards signals and relays the terminal until the process exits.
    static func wait(
        for process: borrowing ProcessHandle,
        _ console: consuming Descriptor?,
        _ signals: SignalReader,
        _ loop: EventLoop
    ) throws(RuntimeError) -> ExitStatus {
        let relay: TerminalRelay?
        if let console = consume console {
            let number = console.release()
            relay = try RuntimeError.during(
                .terminal,
                TerminalRelay(Descriptor(owning: number), in: loop)
            )
        } else {
            relay = nil
        }
        defer { relay?.end() }
        let (pidfd, pid) = (process.descriptor.number, process.pid)
        do {
            try loop.watch(pidfd) { _ in loop.stop() }
            try loop.watch(signals.descriptor.number) { _ in
                while let signal = signals.next() { forward(signal, to: pidfd, pid, relay) }
            }
            try loop.run()
            return try process.wait()
        } catch {
            throw .refused(.wait, error)
        }
    }

    /// Forwards a signal to the process, or applies its meaning to the terminal.
    public static func forward(
        _ signal: Signal,
        to pidfd: Int32,
        _ pid: Int32,
        _ relay: TerminalRelay?
    ) {
        // Fails harmlessly for a process that has just exited or a terminal that is closed.
        switch (signal, relay) {
        case (.windowChange, let relay?): try? relay.resize()
        case (.continue, let relay?): try? relay.resume()
        case (.windowChange, nil): break
        default: try? ProcessHandle.send(signal, through: pidfd, pid: pid)
        }
    }
}
