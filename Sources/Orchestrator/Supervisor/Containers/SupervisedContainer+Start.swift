import ContainerRuntime
import Linux
import OCI

extension SupervisedContainer {
    /// Starts the container at a command's request; as a standby without names and published ports.
    func start(asStandby isStandby: Bool = false, _ reply: @escaping Reply) {
        switch activity {
        case .starting: whenStarted { [unowned self] in start(asStandby: isStandby, reply) }
        case .running(_, let hooks?): hooks.replies.append(reply)
        case .running(_, nil): confirm(reply)
        case .stopping(_, let sequence, _): sequence.startAfterwards(reply)
        case .removed: reject(reply, "container \(record.name) has been removed")
        case .awaitingRestart, .inactive:
            if let timer = activity.cancelRestart() { environment.loop.cancel(timer) }
            startAgain(asStandby: isStandby, reply)
        }
    }

    /// The first start of a new series of restarts.
    private func startAgain(asStandby isStandby: Bool, _ reply: @escaping Reply) {
        storedState.change { state in
            state.isStandby = isStandby ? true : nil
            state.restartCount = 0
            state.restartDelay = nil
            state.restartAttempts = nil
        }
        begin(reply)
    }

    /// Restarts the container after `delay`, as its restart rule requires.
    func awaitRestart(_ delay: Duration) {
        activity = .awaitingRestart(
            environment.loop.after(delay) { [unowned self] in restart() }
        )
        environment.keeper.awaitRestart(of: id)
    }

    private func restart() {
        storedState.change { $0.restartCount += 1 }
        begin { [unowned self] result in
            guard case .failure(let failure) = result else { return }
            environment.log("container \(record.name) is not restarted: \(failure.reason)")
            if isDiskFull { restartWhenDiskHasSpace() }
            siblings.onInactive()
        }
    }

    /// Repeats a restart that failed for want of space, so that it happens once there is some.
    private func restartWhenDiskHasSpace() {
        guard case .inactive = activity else { return }
        storedState.update { state in
            state.status = .restarting
            state.restartCount -= 1
            state.restartDelay = Self.spaceInterval
        }
        awaitRestart(Self.spaceInterval)
    }

    /// Whether the container's files could not be written because their disk is full.
    private var isDiskFull: Bool {
        do throws(SystemCallError) {
            return try FileSystem.availableBytes(at: files.paths.directory) < Self.neededSpace
        } catch {
            // It has been removed, and the restart failed for that reason.
            return false
        }
    }

    /// How long to wait for space on a full disk before the next attempt to restart.
    private static let spaceInterval = Duration.seconds(1)
    /// A start writes some small files; in bytes.
    private static let neededSpace: UInt64 = 64 * 1_024

    private func begin(_ reply: @escaping Reply) {
        activity = .inactive
        do {
            record = try files.record()
            storedState.change { state in
                state.beginRun(hasHealthProbe: record.healthProbe != nil)
                if !record.postStart.isEmpty { state.hasStartHooksLeft = true }
            }
            let startup = try ContainerStartup(
                of: self,
                onProcess: { [unowned self] in try register($0, $1) },
                finish: { [unowned self] in finishStartup($0, reply) }
            )
            activity = .starting(startup, heldBack: [])
        } catch {
            fail(error, reply)
        }
    }

    /// Records the new process on disk before it may execute the container's program, so that no
    /// program ever runs without a record.
    private func register(_ pid: Int32, _ network: RunNetwork) throws {
        let processStart = try ProcessTable.startTime(of: pid)
        storedState.change { state in
            network.describe(in: &state)
            state.pid = pid
            state.processStart = processStart
            state.startedAt = .now
        }
        try storedState.save()
    }

    private func finishStartup(
        _ result: Result<ContainerRun, any Error>,
        _ reply: @escaping Reply
    ) {
        guard let heldBack = activity.endStart() else { return }
        do {
            try follow(result.get())
            runStartHooks(reply)
        } catch {
            fail(error, reply)
        }
        for action in heldBack { action() }
    }

    private func follow(_ run: ContainerRun) throws {
        activity = .running(run, nil)
        storedState.update { $0.status = .running }
        emit(.started)
        try watch(run)
    }

    private func fail(_ error: any Error, _ reply: Reply) {
        let exitCode = (error as? RuntimeError)?.exitCode ?? 125
        let reason = "container \(record.name) could not be started: \(explain(error))"
        // The process runs, but could not be watched.
        run?.release()
        activity = .inactive
        environment.keeper.drop(id)
        // The first error is the one to report; the rest is removed with the container.
        try? FileSystem.removeTree(environment.files.spool(id))
        storedState.update { state in
            state.endRun(exitCode: exitCode)
            state.failure = reason
        }
        emit(.startFailed(reason))
        removeIfForgotten()
        reject(reply, reason, exitCode: exitCode)
    }

    /// Runs the `post_start` hooks, from the first one also after a supervisor's death.
    func runStartHooks(_ reply: @escaping Reply) {
        beginHealthChecks()
        guard case .running(let run, _) = activity, !record.postStart.isEmpty else {
            return confirm(reply)
        }
        let hooks = hooks(record.postStart) { [unowned self] in finishStart($0) }
        activity = .running(run, StartHooks(hooks, replies: [reply]))
        hooks.proceed()
    }

    /// Answers the starts that wait for the hooks; a failed hook stops the container.
    private func finishStart(_ failure: String?) {
        // The exit of the container, which the loop reports next, ends its hooks, too: it is the
        // reason to report.
        if failure != nil, let run, ProcessTable.isExiting(run.process.pid) { return }
        guard let replies = activity.endHooks()?.replies else { return }
        guard let failure else {
            storedState.update { $0.hasStartHooksLeft = nil }
            for reply in replies { confirm(reply) }
            return
        }
        let reason = "container \(record.name) could not be started: \(failure)"
        storedState.update { $0.failure = reason }
        emit(.startFailed(reason))
        stop(grace: nil) { [unowned self] _ in
            for reply in replies { reject(reply, reason, exitCode: 125) }
        }
    }

    /// Adds the project and service that hold a port, if a supervisor holds it.
    private func explain(_ error: any Error) -> String {
        if case .mismatchedMount(let source, let target, isDirectory: true)? = error
            as? RuntimeError,
            record.createdSources?.contains(source) == true
        {
            return
                "cannot mount '\(source)' on file '\(target)' of the image: it did not exist and "
                + "has been created as an empty directory; remove it and create the file, or correct "
                + "the path"
        }
        return PortConflict(error).map { $0.description(in: environment.paths) } ?? "\(error)"
    }
}

extension ContainerState {
    /// Resets the results of the previous run.
    mutating func beginRun(hasHealthProbe: Bool) {
        status = .created
        (pid, processStart, startedAt, finishedAt, exitCode) = (nil, nil, nil, nil, nil)
        failure = nil
        wasKilledForMemory = false
        wasStoppedByHand = false
        health = hasHealthProbe ? .starting : nil
        failingStreak = 0
        probes = []
        (endpoints, ports) = ([], [])
    }

    /// Records the end of a run.
    mutating func endRun(exitCode: Int32?) {
        status = .exited
        (pid, processStart, hasStartHooksLeft) = (nil, nil, nil)
        finishedAt = .now
        self.exitCode = exitCode
        if !endpoints.isEmpty { formerEndpoints = endpoints }
        (endpoints, ports) = ([], [])
    }
}
