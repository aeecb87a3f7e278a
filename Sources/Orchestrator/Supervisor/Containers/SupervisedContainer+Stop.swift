import ContainerRuntime
import Linux
import Notation
import OCI

extension SupervisedContainer {
    /// Brings it to its end; `reply` comes when it has ended.
    func stop(grace: Duration?, _ reply: @escaping Reply) {
        if let stopping { return stopping.add(reply) }
        guard let run else { return stopWaiting(reply) }
        state.wasStoppedByHand = true
        save()
        let sequence = StopSequence(loop: environment.loop)
        sequence.add(reply)
        stopping = sequence
        let patience = grace ?? record.stopGrace
        sequence.begin(
            hooks(record.preStop) { [unowned self, unowned run] failure in
                if let failure { environment.log("\(record.name): pre_stop: \(failure)") }
                ask(run, patience: patience)
            }
        )
    }

    private func ask(_ run: ContainerRun, patience: Duration) {
        guard self.run === run else { return }
        let decision = StopDecision(
            signal: record.stopSignal,
            grace: patience,
            listener: StopDecision.Listener(pid: run.process.pid)
        )
        switch decision {
        case .killAtOnce: end(run)
        case .ask(let patience):
            send(record.stopSignal, to: run)
            stopping?.wait(patience) { [unowned self, unowned run] in end(run) }
        }
    }

    private func end(_ run: ContainerRun) {
        run.killAll()
        stopping?.wait(StopSequence.lastPatience) { [unowned self, unowned run] in giveUp(run) }
    }

    /// Not even SIGKILL ends a process that the kernel does not let go; it is watched further.
    private func giveUp(_ run: ContainerRun) {
        let left = run.remaining.joined(separator: ", ")
        let reason =
            "container \(record.name) does not end: the kernel has not let go of it "
            + "\(GoDuration.text(of: StopSequence.lastPatience)) after SIGKILL"
            + (left.isEmpty ? "" : ": \(left)")
        environment.log(reason)
        let waiting = (stopping?.replies ?? []) + startsAfterStop
        (stopping, startsAfterStop) = (nil, [])
        for reply in waiting { reject(reply, reason) }
    }

    /// One that waits for its restart, or does not run, ends where it is.
    private func stopWaiting(_ reply: Reply) {
        if restartTimer != nil {
            cancelRestart()
            state.status = .exited
            state.wasStoppedByHand = true
            save()
            emit(.stopped)
        }
        reply(.success(()))
        siblings.onInactive()
    }

    /// Sends a signal to its first process.
    func kill(_ signal: Signal, _ reply: Reply) {
        guard let run else {
            if restartTimer != nil { return stopWaiting(reply) }
            return reject(reply, "container \(record.name) is not running")
        }
        // What a command ends is not for the restart rule to bring back.
        if signal == .kill || signal == record.stopSignal {
            state.wasStoppedByHand = true
            save()
        }
        emit(.killed(signal))
        if signal == .kill { run.killAll() } else { send(signal, to: run) }
        reply(.success(()))
    }

    /// A frozen process hears a signal only once it is thawed.
    private func send(_ signal: Signal, to run: ContainerRun) {
        do throws(SystemCallError) {
            try run.process.send(signal)
        } catch {
            // It has just ended, which the loop will tell next.
        }
        guard state.status == .paused else { return }
        resume { _ in }
    }

    func pause(_ reply: Reply) {
        guard let run else { return reject(reply, "container \(record.name) is not running") }
        if state.status == .paused { return reply(.success(())) }
        do {
            run.health?.stop()
            try run.cgroup.freeze()
            state.status = .paused
            save()
            emit(.paused)
            reply(.success(()))
        } catch {
            beginHealthChecks()
            reject(reply, "container \(record.name) cannot be paused: \(error)")
        }
    }

    func resume(_ reply: Reply) {
        guard let run else { return reject(reply, "container \(record.name) is not running") }
        guard state.status == .paused else { return reply(.success(())) }
        do {
            try run.cgroup.thaw()
            state.status = .running
            save()
            emit(.resumed)
            beginHealthChecks()
            reply(.success(()))
        } catch {
            reject(reply, "container \(record.name) cannot be resumed: \(error)")
        }
    }
}
