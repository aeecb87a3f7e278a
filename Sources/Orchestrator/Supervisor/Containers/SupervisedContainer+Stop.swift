import ContainerRuntime
import Linux
import Notation
import OCI

extension SupervisedContainer {
    /// Stops the container; `reply` is called when it has exited.
    func stop(grace: Duration?, _ reply: @escaping Reply) {
        switch activity {
        case .starting: whenStarted { [unowned self] in stop(grace: grace, reply) }
        case .running:
            let sequence = StopSequence(loop: environment.loop)
            sequence.add(reply)
            if let run = activity.beginStop(sequence) { begin(sequence, run, grace: grace) }
        case .stopping(_, let sequence, _): sequence.add(reply)
        case .awaitingRestart: cancelRestart(reply)
        case .inactive, .removed:
            reply(.success(()))
            siblings.onInactive()
        }
    }

    private func begin(_ sequence: StopSequence, _ run: ContainerRun, grace: Duration?) {
        storedState.update { $0.wasStoppedByHand = true }
        let patience = grace ?? record.stopGrace
        sequence.begin(
            hooks(record.preStop) { [unowned self, unowned run, unowned sequence] failure in
                if let failure { environment.log("container \(record.name): pre_stop: \(failure)") }
                sendStopSignal(sequence, run, patience: patience)
            }
        )
    }

    private func sendStopSignal(_ sequence: StopSequence, _ run: ContainerRun, patience: Duration) {
        let decision = StopDecision(
            signal: record.stopSignal,
            grace: patience,
            listener: StopDecision.Listener(pid: run.process.pid)
        )
        switch decision {
        case .killAtOnce: kill(sequence, run)
        case .ask(let patience):
            emit(.killed(record.stopSignal))
            send(record.stopSignal, to: run)
            sequence.wait(patience) { [unowned self, unowned run, unowned sequence] in
                kill(sequence, run)
            }
        }
    }

    private func kill(_ sequence: StopSequence, _ run: ContainerRun) {
        emit(.killed(.kill))
        run.killAll()
        sequence.wait(StopSequence.killPatience) { [unowned self] in giveUp() }
    }

    /// Rejects the stop requests because the process survives SIGKILL, blocked in the kernel; it
    /// remains watched.
    private func giveUp() {
        guard let (run, sequence) = activity.abandonStop() else { return }
        let left = run.remaining.joined(separator: ", ")
        let reason =
            "container \(record.name) did not exit within "
            + "\(GoDuration.text(of: StopSequence.killPatience)) of SIGKILL"
            + (left.isEmpty ? "" : "; the kernel still has \(left)")
        environment.log(reason)
        for reply in sequence.replies + sequence.starts { reject(reply, reason) }
    }

    private func cancelRestart(_ reply: Reply) {
        guard let timer = activity.cancelRestart() else { return }
        environment.loop.cancel(timer)
        environment.keeper.drop(id)
        storedState.update { state in
            state.status = .exited
            state.wasStoppedByHand = true
        }
        emit(.stopped)
        reply(.success(()))
        siblings.onInactive()
    }

    /// Sends a signal to the container's first process.
    func kill(_ signal: Signal, _ reply: Reply) {
        if case .awaitingRestart = activity { return cancelRestart(reply) }
        guard let run else { return reject(reply, "container \(record.name) is not running") }
        // A container ended by a command is not restarted.
        if signal == .kill || signal == record.stopSignal {
            storedState.update { $0.wasStoppedByHand = true }
        }
        emit(.killed(signal))
        if signal == .kill { run.killAll() } else { send(signal, to: run) }
        reply(.success(()))
    }

    private func send(_ signal: Signal, to run: ContainerRun) {
        do throws(SystemCallError) {
            try run.process.send(signal)
        } catch {
            // It has just exited, which the loop reports next.
        }
        // A frozen process receives the signal only once it is thawed.
        if state.status == .paused { resume { _ in } }
    }

    func pause(_ reply: Reply) {
        guard let run else { return reject(reply, "container \(record.name) is not running") }
        if state.status == .paused { return reply(.success(())) }
        do {
            run.health?.stop()
            try run.cgroup.freeze()
            storedState.update { $0.status = .paused }
            emit(.paused)
            confirm(reply)
        } catch {
            beginHealthChecks()
            reject(reply, "cannot pause container \(record.name): \(error)")
        }
    }

    func resume(_ reply: Reply) {
        guard let run else { return reject(reply, "container \(record.name) is not running") }
        guard state.status == .paused else { return reply(.success(())) }
        do {
            try run.cgroup.thaw()
            storedState.update { $0.status = .running }
            emit(.resumed)
            beginHealthChecks()
            confirm(reply)
        } catch {
            reject(reply, "cannot resume container \(record.name): \(error)")
        }
    }
}
