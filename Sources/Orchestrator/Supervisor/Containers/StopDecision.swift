import Linux

/// How a container is brought to its end.
enum StopDecision: Equatable {
    /// No signal but SIGKILL reaches it, so waiting would be in vain.
    case killAtOnce
    /// Send the stop signal, and kill what still runs after so long.
    case ask(patience: Duration)

    /// What is known of the container's first process.
    struct Listener {
        /// Signals that it catches or blocks.
        var heeded: Set<Signal>
        /// Signals that it ignores.
        var ignored: Set<Signal> = []
        /// It is process 1 of a process namespace, to which the kernel sends no signal that it
        /// does not catch. Source: pid_namespaces(7).
        var isInit: Bool
    }

    init(signal: Signal, grace: Duration, listener: Listener) {
        // A blocked signal is kept even where it is ignored: its reader may come later.
        let isDeaf = listener.isInit || listener.ignored.contains(signal)
        if signal == .kill || (isDeaf && !listener.heeded.contains(signal)) {
            self = .killAtOnce
        } else {
            self = .ask(patience: max(.zero, grace))
        }
    }
}

extension StopDecision.Listener {
    /// Reads it from `/proc`; a process that cannot be looked at is treated as one that listens.
    init(pid: Int32) {
        do throws(SystemCallError) {
            heeded = try ProcessTable.handledSignals(of: pid)
            ignored = try ProcessTable.ignoredSignals(of: pid)
            isInit = try ProcessTable.isInit(pid)
        } catch {
            heeded = []
            ignored = []
            isInit = false
        }
    }
}
