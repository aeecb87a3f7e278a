import ContainerNetwork
import ContainerRuntime
import Linux
import OCI
import SystemPackage

/// A container that the supervisor manages, running or not.
final class SupervisedContainer {
    typealias Reply = RequestReply

    typealias Activity = ContainerActivity<
        EventLoop.Timer, ContainerStartup, ContainerRun, StartHooks, StopSequence
    >

    let id: String
    let files: StateFiles
    unowned let siblings: SupervisedContainers
    let environment: SupervisorEnvironment
    var record: ContainerRecord
    let storedState: StoredState
    var activity = Activity.inactive
    /// The size last requested, for the terminal of this run and of later ones.
    private(set) var terminalSize: Terminal.Size?
    /// A command waits for it to become healthy.
    var isAwaited = false
    /// The connection of the command that started it, while that is open.
    var holder: ObjectIdentifier?

    /// Reads the container's files; throws if there is no such container.
    init(_ id: String, among siblings: SupervisedContainers) throws {
        self.id = id
        self.siblings = siblings
        environment = siblings.environment
        files = StateFiles(paths: environment.files.container(id))
        record = try files.record()
        storedState = StoredState(files, name: record.name, loop: environment.loop)
    }

    var state: ContainerState { storedState.value }

    var run: ContainerRun? { activity.run }
    var isActive: Bool { activity.isActive }

    /// Passes everything that must outlive this supervisor to the keeper.
    func registerWithKeeper() {
        if case .awaitingRestart = activity {
            environment.keeper.awaitRestart(of: id)
        } else {
            run?.registerWithKeeper()
        }
    }

    /// The network connections; also during the start, since the program may look up names before
    /// the supervisor is notified that it runs.
    var network: RunNetwork? {
        if case .starting(let startup, _) = activity { startup.network } else { run?.network }
    }

    /// Calls `body` at once, or when the start in progress has completed.
    func whenStarted(_ body: @escaping () -> Void) {
        if !activity.holdBack(body) { body() }
    }

    /// Sets the size of the terminal, now or when the container starts.
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

    /// Takes over the names and published ports of another container of the service, if that runs.
    func promote(over other: String, _ reply: Reply) {
        guard let run else { return reject(reply, "container \(record.name) is not running") }
        let former = siblings.find(other)
        do {
            try run.network.promote(over: former?.run?.network)
            recordNetwork()
            former?.recordNetwork()
            confirm(reply)
        } catch {
            reject(reply, "container \(record.name) cannot take over from \(other): \(error)")
        }
    }

    /// Records the connections of its run.
    private func recordNetwork() {
        guard let network = run?.network else { return }
        storedState.update { state in
            network.describe(in: &state)
            state.isStandby = network.isStandby ? true : nil
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

    /// Creates a run of hooks in the container; their output is published as events.
    func hooks(_ commands: [HookCommand], finish: @escaping (String?) -> Void) -> HookRun {
        HookRun(
            commands,
            run: runCommand,
            show: { [unowned self] in emit(.hookOutput($0)) },
            finish: finish
        )
    }

    /// Runs a command in the running container; if that fails, `finish` receives the reason.
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
    /// The replies to the start requests that wait for the hooks.
    var replies: [RequestReply]

    init(_ hooks: HookRun, replies: [RequestReply]) {
        self.hooks = hooks
        self.replies = replies
    }
}
