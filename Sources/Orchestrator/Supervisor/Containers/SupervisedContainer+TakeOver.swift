import ContainerRuntime
import Linux
import OCI
import SystemPackage

extension SupervisedContainer {
    /// Continues where a dead supervisor stopped, according to the state on disk.
    func takeOver() {
        if state.pid != nil { return takeOverProcess() }
        if FileSystem.exists(environment.files.spool(id)) { return takeOverRemains() }
        resumeRestart()
    }

    private func resumeRestart() {
        if state.status == .restarting {
            let elapsed = state.finishedAt.map { .now - $0 } ?? .zero
            awaitRestart(max(.zero, (state.restartDelay ?? .zero) - elapsed))
        } else if state.wasStoppedByHand, record.restart == .always, !state.isOfThisBoot {
            // As Docker at boot: `always` starts, `unless-stopped` stays stopped.
            awaitRestart(.zero)
        }
    }

    /// Serves names and ports again, once every container of the project is known.
    func takeOverNetwork() {
        guard let run else { return }
        do {
            try run.network.takeOver(pid: run.process.pid, ports: state.ports)
        } catch {
            environment.log("cannot restore the network of container \(record.name): \(error)")
        }
    }

    private func takeOverProcess() {
        do {
            guard state.isOfThisBoot, let run = try ContainerRun(takingOver: self) else {
                return finishUnseenRun()
            }
            activity = .running(run, nil)
            run.endCommands()
            guard state.status != .created || !PendingContainer.isPending(pid: run.process.pid)
            else {
                return undo(run)
            }
            storedState.update { if $0.status != .paused { $0.status = .running } }
            try watch(run)
            if state.hasStartHooksLeft == true {
                runStartHooks { _ in }
            } else {
                beginHealthChecks()
            }
        } catch {
            environment.log("cannot take over container \(record.name): \(error)")
            activity = .inactive
            cleanUpAfterExit()
            finishRun(exitCode: nil, outOfMemory: false)
        }
    }

    /// Ends the remains of a start, or of a run whose state has become unreadable.
    private func takeOverRemains() {
        cleanUpAfterExit()
        if files.hasState && state.status == .created {
            finishRun(exitCode: nil, outOfMemory: false)
        } else {
            environment.keeper.drop(id)
            resumeRestart()
        }
    }

    /// Ends a process that had not executed the container's program when its supervisor died.
    private func undo(_ run: ContainerRun) {
        run.killAll()
        run.release()
        activity = .inactive
        // A command repeats its request for a start itself; a restart is repeated here.
        let wasRestart = state.restartCount > 0
        storedState.update { state in
            state.endRun(exitCode: nil)
            state.status = wasRestart ? .restarting : .created
            if wasRestart { state.restartCount -= 1 }
        }
        if wasRestart { awaitRestart(.zero) } else { environment.keeper.drop(id) }
    }

    /// Finishes a run that ended while no supervisor watched.
    private func finishUnseenRun() {
        let exitCode =
            environment.keeper.exitStatus(of: id, pid: state.pid ?? 0)?.code
            ?? RecordedExitStatus.exitCode(in: environment.files.spool(id))
        // Read first: the control group is removed with the rest.
        let outOfMemory = ContainerRun.wasOutOfMemory(self)
        cleanUpAfterExit()
        finishRun(exitCode: exitCode, outOfMemory: outOfMemory)
    }

    private func cleanUpAfterExit() {
        do {
            try ContainerRun.cleanUpAfterExit(of: self)
        } catch {
            environment.log("cannot clean up after container \(record.name): \(error)")
            attempt { try ContainerRemains(id: id, environment: environment).release() }
        }
    }

    private func attempt(_ body: () throws -> Void) {
        do { try body() } catch { environment.log("container \(record.name): \(error)") }
    }
}
