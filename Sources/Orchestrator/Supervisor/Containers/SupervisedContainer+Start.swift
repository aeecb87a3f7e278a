import ContainerRuntime
import Linux
import OCI

extension SupervisedContainer {
    /// Starts it because a command wants so.
    func start(_ reply: @escaping Reply) {
        if stopping != nil { return startsAfterStop.append(reply) }
        if startHooks != nil { return startReplies.append(reply) }
        if run != nil { return reply(.success(())) }
        cancelRestart()
        state.restartCount = 0
        state.restartDelay = nil
        state.restartAttempts = nil
        begin(reply)
    }

    /// Starts it again because its rule wants so.
    func restart() {
        restartTimer = nil
        state.restartCount += 1
        begin { [unowned self] result in
            if case .failure(let refusal) = result {
                environment.log("\(record.name) is not restarted: \(refusal.reason)")
                siblings.onInactive()
            }
        }
    }

    func cancelRestart() {
        if let restartTimer { environment.loop.cancel(restartTimer) }
        restartTimer = nil
    }

    private func begin(_ reply: @escaping Reply) {
        do {
            record = try files.record()
            state.beginRun(hasHealthProbe: record.healthProbe != nil)
            if !record.postStart.isEmpty { state.hasStartHooksLeft = true }
            launch = try ContainerStartup(of: self) { [unowned self] result in
                launch = nil
                finishLaunch(result, reply)
                let waiting = afterLaunch
                afterLaunch = []
                for action in waiting { action() }
            }
        } catch {
            fail(error, reply)
        }
    }

    private func finishLaunch(_ result: Result<ContainerRun, any Error>, _ reply: @escaping Reply) {
        do {
            let run = try result.get()
            self.run = run
            state.status = .running
            save()
            emit(.started)
            try watch(run)
        } catch {
            return fail(error, reply)
        }
        runStartHooks(reply)
    }

    private func fail(_ error: any Error, _ reply: Reply) {
        let exitCode = (error as? RuntimeError)?.exitCode ?? 125
        let reason = "container \(record.name) could not be started: \(explain(error))"
        if let run {
            // It runs, but nobody could watch it.
            self.run = nil
            run.release()
        }
        // The first fault is the one to tell; what stays is put away with the container.
        try? FileSystem.removeTree(environment.files.spool(id))
        state.endRun(exitCode: exitCode)
        state.failure = reason
        save()
        emit(.startFailed(reason))
        removeIfForgotten()
        reject(reply, reason, exitCode: exitCode)
    }

    /// A supervisor that dies leaves hooks that were not done to the next, which begins anew.
    func runStartHooks(_ reply: @escaping Reply) {
        beginHealthChecks()
        guard !record.postStart.isEmpty else { return reply(.success(())) }
        startReplies = [reply]
        let hooks = hooks(record.postStart) { [unowned self] failure in
            finishStart(failure)
        }
        startHooks = hooks
        hooks.proceed()
    }

    /// Tells those who wait for the start; a failed hook ends the container.
    func finishStart(_ failure: String?) {
        startHooks?.abandon()
        startHooks = nil
        let replies = startReplies
        startReplies = []
        guard let failure else {
            state.hasStartHooksLeft = nil
            save()
            for reply in replies { reply(.success(())) }
            return
        }
        let reason = "container \(record.name) could not be started: \(failure)"
        state.failure = reason
        save()
        emit(.startFailed(reason))
        stop(grace: nil) { [unowned self] _ in
            for reply in replies { reject(reply, reason, exitCode: 125) }
        }
    }

    /// A taken port is told with the project and service that has it, if it is one of ours.
    private func explain(_ error: any Error) -> String {
        PortConflict(error).map { $0.description(in: environment.paths) } ?? "\(error)"
    }
}

extension ContainerState {
    /// What a new run forgets of the one before.
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

    /// What is over with a run.
    mutating func endRun(exitCode: Int32?) {
        status = .exited
        (pid, processStart, hasStartHooksLeft) = (nil, nil, nil)
        finishedAt = .now
        self.exitCode = exitCode
        (endpoints, ports) = ([], [])
    }
}
