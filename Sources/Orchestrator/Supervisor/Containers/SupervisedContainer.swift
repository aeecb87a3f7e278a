import ContainerNetwork
import ContainerRuntime
import Linux
import OCI
import SystemPackage

/// One container in the care of its supervisor, whether it runs or not.
final class SupervisedContainer {
    typealias Reply = RequestReply

    /// What the container is doing, with everything that exists only as long as it does so.
    enum Activity {
        /// It has no process and is not going to get one.
        case inactive
        /// It will be restarted when the timer fires.
        case awaitingRestart(EventLoop.Timer)
        /// Its process is being set up; requests are held back until it runs or has failed.
        case starting(ContainerStartup, heldBack: [() -> Void])
        /// Its program runs, perhaps with `post_start` hooks under way.
        case running(ContainerRun, StartHooks?)
        /// It is being stopped, perhaps before its `post_start` hooks have finished.
        case stopping(ContainerRun, StopSequence, StartHooks?)
        /// It has been deleted, or should have been.
        case removed
    }

    let id: String
    let files: StateFiles
    unowned let siblings: SupervisedContainers
    let environment: SupervisorEnvironment
    var record: ContainerRecord
    let storedState: StoredState
    var activity = Activity.inactive
    /// As the latest command asked for, for this run's terminal and the next one's.
    private(set) var terminalSize: Terminal.Size?
    /// A command waits for it to become healthy.
    var isAwaited = false
    /// The connection of the command that started it, while that is open.
    var holder: ObjectIdentifier?

    /// Reads its files; throws when there is no such container.
    init(_ id: String, among siblings: SupervisedContainers) throws {
        self.id = id
        self.siblings = siblings
        environment = siblings.environment
        files = StateFiles(paths: environment.files.container(id))
        record = try files.record()
        storedState = StoredState(files, name: record.name, loop: environment.loop)
    }

    var state: ContainerState { storedState.value }

    /// Its process, once that is the container's program.
    var run: ContainerRun? {
        switch activity {
        case .running(let run, _), .stopping(let run, _, _): run
        case .inactive, .awaitingRestart, .starting, .removed: nil
        }
    }

    /// It runs or will, so the supervisor must stay.
    var isActive: Bool {
        switch activity {
        case .awaitingRestart, .starting, .running, .stopping: true
        case .inactive, .removed: false
        }
    }

    /// Passes everything that must outlive this supervisor to the keeper.
    func registerWithKeeper() {
        if case .awaitingRestart = activity {
            environment.keeper.awaitRestart(of: id)
        } else {
            run?.registerWithKeeper()
        }
    }

    /// How it is connected; its program may look up names before the supervisor has learned that
    /// it runs.
    var network: RunNetwork? {
        if case .starting(let startup, _) = activity { startup.network } else { run?.network }
    }

    /// Calls `body` at once, or when the start under way has completed.
    func whenStarted(_ body: @escaping () -> Void) {
        if case .starting(let startup, let heldBack) = activity {
            activity = .starting(startup, heldBack: heldBack + [body])
        } else {
            body()
        }
    }

    /// Sets the size of its terminal, now or when it starts.
    func resize(to size: Terminal.Size, _ reply: Reply) {
        terminalSize = size
        do throws(SystemCallError) {
            if let run, try !run.resize(to: size) {
                return reject(reply, "container \(record.name) has no terminal")
            }
            reply(.success(()))
        } catch {
            reject(reply, "cannot resize the terminal of container \(record.name): \(error)")
        }
    }

    /// Adapts its network connections, if it runs, to its record, which a command has changed.
    ///
    /// A container that is not running is connected by its next start.
    func reconnect(_ reply: Reply) {
        do {
            record = try files.record()
            if let run {
                try run.network.reconnect(record, pid: run.process.pid)
                storedState.update { run.network.describe(in: &$0) }
                try run.network.writeFiles(files.paths, sharing: nil)
            }
            reply(.success(()))
        } catch {
            reject(reply, "cannot connect container \(record.name): \(error)")
        }
    }

    func emit(_ kind: ContainerEvent.Kind) { environment.events.publish(kind, of: record) }

    /// Answers a request that has been performed; reports a state that could not be written, since
    /// other commands see the earlier one.
    func confirm(_ reply: Reply) {
        guard let error = storedState.writeFailure else { return reply(.success(())) }
        reject(
            reply,
            "container \(record.name) is \(state.status.rawValue), but this cannot be recorded: "
                + "\(error); free disk space, and it will be"
        )
    }

    func reject(_ reply: Reply, _ reason: String, exitCode: Int32? = nil) {
        reply(.failure(RequestFailure(reason: reason, exitCode: exitCode)))
    }

    /// Hooks to be run in the container; their output is published.
    func hooks(_ commands: [HookCommand], finish: @escaping (String?) -> Void) -> HookRun {
        HookRun(
            commands,
            run: runCommand,
            show: { [unowned self] in emit(.hookOutput($0)) },
            finish: finish
        )
    }

    /// Runs a command in the running container, or passes the reason why not to `finish`.
    func runCommand(
        _ request: CommandRun.Request,
        finish: @escaping (CommandRun.Outcome) -> Void
    ) -> CommandRun? {
        guard let run else {
            finish(.notStarted("the container is not running"))
            return nil
        }
        do {
            return try run.start(request, loop: environment.loop, finish: finish)
        } catch {
            finish(.notStarted("\(error)"))
            return nil
        }
    }
}

/// `post_start` hooks under way.
final class StartHooks {
    let hooks: HookRun
    /// Those of the starts that wait for the hooks.
    var replies: [RequestReply]

    init(_ hooks: HookRun, replies: [RequestReply]) {
        self.hooks = hooks
        self.replies = replies
    }
}
