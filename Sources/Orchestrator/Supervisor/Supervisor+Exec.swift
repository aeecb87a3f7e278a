import ContainerRuntime
import Linux
import OCI

extension Supervisor {
    /// Runs a command in one of the containers, or answers with the reason for the failure.
    func exec(_ request: ExecRequest, for session: ExecSession) {
        guard let container = runningContainer(for: request), let run = container.run else {
            return session.reject(.absent)
        }
        // A process that enters a frozen control group is frozen too.
        if container.state.status == .paused {
            return session.reject(.paused(container: container.record.name))
        }
        publishEvents(of: session, in: container.record, request)
        session.run { (streams) throws(RuntimeError) in try run.begin(request, streams) }
    }

    /// Publishes the session's events; the container may be removed before the command exits.
    private func publishEvents(
        of session: ExecSession,
        in record: ContainerRecord,
        _ request: ExecRequest
    ) {
        let id = request.id ?? Identifier.make()
        let command = request.command.joined(separator: " ")
        session.onStart = { [unowned self] in
            environment.events.publish(.execCreated(id: id, command: command), of: record)
            environment.events.publish(.execStarted(id: id, command: command), of: record)
        }
        session.onExit = { [unowned self] in
            environment.events.publish(.execDied(id: id, exitCode: $0), of: record)
        }
    }

    /// The container that the request names, or else the service's replica with its number, or the
    /// preferred one if that is 0.
    private func runningContainer(for request: ExecRequest) -> SupervisedContainer? {
        let running = containers.all.filter { container in
            guard container.run != nil else { return false }
            if let id = request.container { return container.id == id }
            return container.record.service == request.service
                && (request.index <= 0 || container.record.number == request.index)
        }
        return running.min { $0.record.isPreferred(to: $1.record) }
    }
}
