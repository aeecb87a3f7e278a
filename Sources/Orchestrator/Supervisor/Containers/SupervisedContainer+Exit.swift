import ContainerRuntime
import Linux
import OCI

extension SupervisedContainer {
    /// Waits for the end of a run, and carries its output into the log.
    func watch(_ run: ContainerRun) throws(SystemCallError) {
        let loop = environment.loop
        try loop.watch(run.process.descriptor.number) { [unowned self, unowned run] _ in
            runEnded(run)
        }
        run.reportLogErrors()
        try run.watchTerminal()
        for stream in LogStream.allCases {
            try loop.watch(run.log.descriptor(stream)) { [unowned self, unowned run] _ in
                pump(stream, of: run)
            }
        }
    }

    private func pump(_ stream: LogStream, of run: ContainerRun) {
        do throws(SystemCallError) {
            try run.pump(stream)
        } catch {
            environment.log("output of \(record.name) is not kept any more: \(error)")
            environment.loop.unwatch(run.log.descriptor(stream))
        }
    }

    private func runEnded(_ run: ContainerRun) {
        guard self.run === run else { return }
        do throws(SystemCallError) {
            switch try run.ending() {
            case .none: return
            case .known(let exitCode): end(run, exitCode: exitCode)
            case .unknown: try waitForExitCode(of: run)
            }
        } catch {
            environment.log("how \(record.name) ended cannot be learnt: \(error)")
            end(run, exitCode: nil)
        }
    }

    /// The kernel tells a stranger how a process ended only once its parent has looked, and says
    /// so by a hang-up, for which no interest need be shown; older ones say nothing.
    private func waitForExitCode(of run: ContainerRun) throws(SystemCallError) {
        guard !run.isAwaitingExitStatus else { return }
        run.isAwaitingExitStatus = true
        try environment.loop.change(run.process.descriptor.number, to: [])
        environment.loop.after(.seconds(1)) { [weak self, weak run] in
            guard let self, let run, self.run === run else { return }
            end(run, exitCode: nil)
        }
    }

    /// Does everything that the end of a run asks for.
    func end(_ run: ContainerRun, exitCode: Int32?) {
        startHooks?.abandon()
        run.health?.stop()
        stopping?.runEnded()
        let outOfMemory = run.cgroup.hasKilledForMemory
        run.release()
        self.run = nil
        finishRun(exitCode: exitCode, outOfMemory: outOfMemory)
    }

    /// Writes down how a run ended, and decides what follows.
    func finishRun(exitCode: Int32?, outOfMemory: Bool) {
        let ending = RestartDecision.Ending(
            exitCode: exitCode,
            runTime: state.startedAt.map { .now - $0 } ?? .zero,
            wasStopped: state.wasStoppedByHand || startHooks != nil,
            restarts: state.restartCount,
            attempts: state.restartAttempts ?? 0,
            previousDelay: state.restartDelay
        )
        let decision = RestartDecision(record.restart, record.restartPacing, after: ending)
        state.restartAttempts = decision.attempts
        state.endRun(exitCode: exitCode)
        state.wasKilledForMemory = outOfMemory
        if let delay = decision.delay {
            state.status = .restarting
            state.restartDelay = delay
            // Before the event, because who hears it may ask for a start.
            restartTimer = environment.loop.after(delay) { [unowned self] in restart() }
        }
        save()
        if outOfMemory { emit(.outOfMemory) }
        emit(.died(exitCode: exitCode, restartsIn: decision.delay))
        removeIfForgotten()
        answerAfterEnd(exitCode: exitCode)
        siblings.onInactive()
    }

    /// Tells those who waited for the end, or for a start that the end prevented.
    private func answerAfterEnd(exitCode: Int32?) {
        if startHooks != nil {
            startHooks = nil
            let code = exitCode.map(String.init) ?? "unknown"
            let reason =
                "container \(record.name) ended with status \(code) before its hooks were done"
            let replies = startReplies
            startReplies = []
            for reply in replies { reject(reply, reason, exitCode: 125) }
        }
        if let stopping {
            self.stopping = nil
            emit(.stopped)
            for reply in stopping.replies { reply(.success(())) }
        }
        let starts = startsAfterStop
        startsAfterStop = []
        for reply in starts { start(reply) }
    }
}
