import ContainerRuntime
import Linux
import OCI
import SystemPackage

extension SupervisedContainer {
    /// Goes on where a dead supervisor stopped, as the state on disk tells.
    func takeOver() {
        if state.pid != nil { return takeOverProcess() }
        if FileSystem.exists(environment.files.spool(id)) { cleanUp() }
        if state.status == .restarting {
            let due = (state.restartDelay ?? .zero) - (state.finishedAt.map { .now - $0 } ?? .zero)
            awaitRestart(max(.zero, due))
        } else if state.wasStoppedByHand, record.restart == .always, !state.isOfThisBoot {
            // As Docker does when it comes up with the machine: `unless-stopped` stays stopped.
            awaitRestart(.zero)
        }
    }

    /// Its name server and ports again, once every container of the project is known.
    func takeOverNetwork() {
        guard let run else { return }
        do {
            try run.network.takeOver(pid: run.process.pid, ports: state.ports)
        } catch {
            environment.log("\(record.name) is not connected as it was: \(error)")
        }
    }

    private func awaitRestart(_ delay: Duration) {
        restartTimer = environment.loop.after(delay) { [unowned self] in restart() }
    }

    private func takeOverProcess() {
        do {
            guard state.isOfThisBoot, let run = try ContainerRun(takingOver: self) else {
                return endedMeanwhile()
            }
            self.run = run
            run.endCommands()
            guard state.status != .created || !PendingContainer.isPending(pid: run.process.pid)
            else {
                return undo(run)
            }
            if state.status != .paused { state.status = .running }
            save()
            try watch(run)
            if state.hasStartHooksLeft == true {
                runStartHooks { _ in }
            } else {
                beginHealthChecks()
            }
        } catch {
            environment.log("\(record.name) cannot be taken over: \(error)")
        }
    }

    /// It never became the container's program, and never will.
    private func undo(_ run: ContainerRun) {
        run.killAll()
        run.release()
        self.run = nil
        state.endRun(exitCode: nil)
        // A start that a command asked for is asked for again; a restart is ours to repeat.
        let wasRestart = state.restartCount > 0
        state.status = wasRestart ? .restarting : .created
        if wasRestart { state.restartCount -= 1 }
        save()
        if wasRestart { awaitRestart(.zero) }
    }

    /// It ended while nobody watched: what it left is put away, then its rule decides.
    private func endedMeanwhile() {
        let exitCode =
            environment.keeper.exitStatus(of: id, pid: state.pid ?? 0)?.code
            ?? RecordedExitStatus.exitCode(in: environment.files.spool(id))
        // Its control group goes with the rest.
        let outOfMemory = ContainerRun.wasOutOfMemory(self)
        cleanUp()
        finishRun(exitCode: exitCode, outOfMemory: outOfMemory)
    }

    private func cleanUp() {
        do {
            try ContainerRun.cleanUpAfterExit(of: self)
        } catch {
            environment.log("\(record.name): not everything could be put away: \(error)")
        }
    }
}
