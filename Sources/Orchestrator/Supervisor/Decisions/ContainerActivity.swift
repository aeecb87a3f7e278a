/// The current activity of a supervised container, with the objects that exist only during it.
///
/// A value whose transitions have no side effects, and therefore generic over these objects.
enum ContainerActivity<Timer, Startup, Run, Hooks, Stop> {
    /// No process exists or is scheduled to start.
    case inactive
    /// The container is restarted when the timer fires.
    case awaitingRestart(Timer)
    /// The process is being set up; requests are held back until it runs or has failed.
    case starting(Startup, heldBack: [() -> Void])
    /// The program is running, possibly with `post_start` hooks in progress.
    case running(Run, Hooks?)
    /// The container is being stopped, possibly before its `post_start` hooks have finished.
    case stopping(Run, Stop, Hooks?)
    /// The container has been deleted, or its deletion has failed.
    case removed

    /// The current run, once its process executes the container's program.
    var run: Run? {
        switch self {
        case .running(let run, _), .stopping(let run, _, _): run
        case .inactive, .awaitingRestart, .starting, .removed: nil
        }
    }

    /// Whether the container is running or will be, so that the supervisor must not exit.
    var isActive: Bool {
        switch self {
        case .awaitingRestart, .starting, .running, .stopping: true
        case .inactive, .removed: false
        }
    }
}

// Each transition leaves the value unchanged, and returns nil or false, in any state but those
// from which it begins.
extension ContainerActivity {
    /// Cancels a pending restart; returns its timer.
    mutating func cancelRestart() -> Timer? {
        guard case .awaitingRestart(let timer) = self else { return nil }
        self = .inactive
        return timer
    }

    /// Holds `action` back until the start in progress has completed.
    mutating func holdBack(_ action: @escaping () -> Void) -> Bool {
        guard case .starting(let startup, let heldBack) = self else { return false }
        self = .starting(startup, heldBack: heldBack + [action])
        return true
    }

    /// Ends the start in progress; returns the actions that were held back, in order.
    mutating func endStart() -> [() -> Void]? {
        guard case .starting(_, let heldBack) = self else { return nil }
        self = .inactive
        return heldBack
    }

    /// Starts to stop the running program; returns its run.
    mutating func beginStop(_ stop: Stop) -> Run? {
        guard case .running(let run, let hooks) = self else { return nil }
        self = .stopping(run, stop, hooks)
        return run
    }

    /// Gives up stopping a process that survives SIGKILL; returns its run and the stop.
    mutating func abandonStop() -> (run: Run, stop: Stop)? {
        guard case .stopping(let run, let stop, let hooks) = self else { return nil }
        self = .running(run, hooks)
        return (run, stop)
    }

    /// Ends the `post_start` hooks, also during a stop; returns them.
    mutating func endHooks() -> Hooks? {
        switch self {
        case .running(let run, let hooks?):
            self = .running(run, nil)
            return hooks
        case .stopping(let run, let stop, let hooks?):
            self = .stopping(run, stop, nil)
            return hooks
        case .inactive, .awaitingRestart, .starting, .running, .stopping, .removed: return nil
        }
    }

    /// Ends the run; returns the hooks that it interrupts and the stop that it completes.
    mutating func endRun() -> (hooks: Hooks?, stop: Stop?)? {
        switch self {
        case .running(_, let hooks):
            self = .inactive
            return (hooks, nil)
        case .stopping(_, let stop, let hooks):
            self = .inactive
            return (hooks, stop)
        case .inactive, .awaitingRestart, .starting, .removed: return nil
        }
    }
}
