import Linux

/// How a container is stopped.
enum StopDecision: Equatable {
    /// Only SIGKILL has an effect, so a grace period would be wasted.
    case killAtOnce
    /// Send the stop signal, and SIGKILL once `patience` has passed.
    case ask(patience: Duration)

    /// The signal disposition of the container's first process.
    struct Listener {
        /// Signals that it catches or blocks.
        var handled: Set<Signal>
        /// Signals that it ignores.
        var ignored: Set<Signal> = []
        /// It is PID 1 of a PID namespace, to which the kernel delivers only signals that it
        /// catches. Source: pid_namespaces(7).
        var isInit: Bool
    }

    init(signal: Signal, grace: Duration, listener: Listener) {
        // A blocked signal stays pending even if ignored, and may be read with sigwait(3) later.
        let isDeaf = listener.isInit || listener.ignored.contains(signal)
        if signal == .kill || (isDeaf && !listener.handled.contains(signal)) {
            self = .killAtOnce
        } else {
            self = .ask(patience: max(.zero, grace))
        }
    }
}

extension StopDecision.Listener {
    /// Reads it from `/proc`; an unreadable process is assumed to take the signal.
    init(pid: Int32) {
        do throws(SystemCallError) {
            handled = try ProcessTable.handledSignals(of: pid)
            ignored = try ProcessTable.ignoredSignals(of: pid)
            isInit = try ProcessTable.isInit(pid)
        } catch {
            handled = []
            ignored = []
            isInit = false
        }
    }
}
