import ContainerRuntime
import Linux
import OCI

extension SupervisedContainer {
    /// How long to wait for the status of a process that another parent must reap first.
    private static let reapPatience = Duration.seconds(1)

    /// Watches a run until it ends, and moves its output into the log.
    func watch(_ run: ContainerRun) throws(SystemCallError) {
        let loop = environment.loop
        try loop.watch(run.process.descriptor.number) { [unowned self, unowned run] _ in
            processEnded(run)
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
            environment.log("output of container \(record.name) is no longer logged: \(error)")
            environment.loop.unwatch(run.log.descriptor(stream))
        }
    }

    private func processEnded(_ run: ContainerRun) {
        guard self.run === run else { return }
        do throws(SystemCallError) {
            switch try run.ending() {
            case .none: return
            case .known(let exitCode): end(run, exitCode: exitCode)
            case .unknown: try waitForExitCode(of: run)
            }
        } catch {
            environment.log(
                "cannot determine the exit status of container \(record.name): \(error)"
            )
            end(run, exitCode: nil)
        }
    }

    /// Waits for the parent of a process that was taken over to reap it.
    ///
    /// A non-child's exit status is readable only after that. Newer kernels report it as POLLHUP,
    /// which is always watched for; older ones not at all.
    private func waitForExitCode(of run: ContainerRun) throws(SystemCallError) {
        guard !run.isAwaitingExitStatus else { return }
        run.isAwaitingExitStatus = true
        try environment.loop.change(run.process.descriptor.number, to: [])
        environment.loop.after(Self.reapPatience) { [weak self, weak run] in
            guard let self, let run, self.run === run else { return }
            end(run, exitCode: nil)
        }
    }

    private func end(_ run: ContainerRun, exitCode: Int32?) {
        guard let (hooks, sequence) = activity.endRun() else { return }
        hooks?.hooks.abandon()
        sequence?.cancel()
        let outOfMemory = run.cgroup.hasKilledForMemory
        run.release()
        finishRun(
            exitCode: exitCode,
            outOfMemory: outOfMemory,
            interrupting: hooks,
            completing: sequence
        )
    }

    /// Records how a run ended, restarts the container if its rule requires it, and answers the
    /// pending requests.
    func finishRun(
        exitCode: Int32?,
        outOfMemory: Bool,
        interrupting hooks: StartHooks? = nil,
        completing sequence: StopSequence? = nil
    ) {
        let decision = RestartDecision(
            record.restart,
            record.restartPacing,
            after: state.ending(exitCode: exitCode, isStarting: hooks != nil)
        )
        storedState.update { state in
            state.endRun(exitCode: exitCode)
            state.wasKilledForMemory = outOfMemory
            state.restartAttempts = decision.attempts
            guard let delay = decision.delay else { return }
            state.status = .restarting
            state.restartDelay = delay
        }
        // After the record, so that a successor finds the exit either there or in the keeper; before
        // the event is published, because its receiver may request a start.
        if let delay = decision.delay {
            awaitRestart(delay)
        } else {
            environment.keeper.drop(id)
        }
        if outOfMemory { emit(.outOfMemory) }
        emit(.died(exitCode: exitCode, restartsIn: decision.delay))
        if sequence == nil { removeIfForgotten() }
        answer(hooks, exitCode: exitCode)
        answer(sequence)
        siblings.onInactive()
    }

    /// Rejects the start requests whose hooks were interrupted by the exit.
    private func answer(_ hooks: StartHooks?, exitCode: Int32?) {
        let code = exitCode.map(String.init) ?? "unknown"
        let reason =
            "container \(record.name) exited with code \(code) before its post_start hooks "
            + "had finished"
        for reply in hooks?.replies ?? [] { reject(reply, reason, exitCode: 125) }
    }

    private func answer(_ sequence: StopSequence?) {
        guard let sequence else { return }
        emit(.stopped)
        for reply in sequence.replies { reply(.success(())) }
        for reply in sequence.starts { start(reply) }
    }
}

extension ContainerState {
    /// The end of the current run as input of the restart decision.
    fileprivate func ending(exitCode: Int32?, isStarting: Bool) -> RestartDecision.Ending {
        RestartDecision.Ending(
            exitCode: exitCode,
            runTime: startedAt.map { .now - $0 } ?? .zero,
            // Interrupted hooks fail the start that a command has asked for.
            wasStopped: wasStoppedByHand || isStarting,
            restarts: restartCount,
            attempts: restartAttempts ?? 0,
            previousDelay: restartDelay
        )
    }
}
