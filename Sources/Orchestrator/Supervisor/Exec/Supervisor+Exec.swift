import ContainerRuntime
import Linux
import OCI

extension Supervisor {
    /// Runs a command in one of its containers, or tells why not.
    func exec(_ request: ExecRequest, for session: ExecSession) {
        guard let container = runningContainer(of: request.service, index: request.index),
            let run = container.run
        else { return session.refuse(.absent) }
        // What enters a frozen control group is frozen itself.
        if container.state.status == .paused {
            return session.refuse(.paused(container: container.record.name))
        }
        tellOf(session, in: container.record, request.command.joined(separator: " "))
        session.run { (streams, socket) throws(RuntimeError) in
            try run.begin(request, streams, reportingTo: socket)
        }
    }

    /// The container may be gone before the command has ended.
    private func tellOf(_ session: ExecSession, in record: ContainerRecord, _ command: String) {
        let id = Identifier.make()
        session.onStart = { [unowned self] in
            tell(.execCreated(id: id, command: command), of: record)
            tell(.execStarted(id: id, command: command), of: record)
        }
        session.onExit = { [unowned self] in
            tell(.execDied(id: id, exitCode: $0), of: record)
        }
    }

    /// Replica `index` or the first of all.
    private func runningContainer(of service: String, index: Int) -> SupervisedContainer? {
        let running = containers.values.filter { container in
            container.run != nil && container.record.service == service
                && (index <= 0 || container.record.number == index)
        }
        return running.min { $0.record.isPreferred(to: $1.record) }
    }
}

extension ContainerRun {
    /// Starts a command as the container's own process was, but for what the request says, and
    /// does not wait until it runs.
    fileprivate func begin(
        _ request: ExecRequest,
        _ streams: StandardStreams,
        reportingTo socket: Int32
    ) throws(RuntimeError) -> StartedProcess {
        var environment = request.environment
        if request.hasTerminal, specification.process?.env?.names("TERM") != true {
            environment.insert("TERM=xterm", at: 0)
        }
        var process = process(
            CommandRun.Request(
                command: request.command,
                workingDirectory: request.workingDirectory,
                environment: environment,
                isPrivileged: request.isPrivileged
            )
        )
        process.terminal = request.hasTerminal ? true : nil
        process.consoleSize = request.terminalSize.map { .init(height: $0.rows, width: $0.columns) }
        return try Exec.begin(
            Exec.Request(
                process,
                seccomp: request.isPrivileged ? nil : specification.linux?.seccomp,
                user: request.user ?? specification.extensions.user,
                streams: streams
            ),
            in: self.process,
            hierarchy: cgroup.hierarchy,
            reportingTo: socket
        )
    }
}

extension [String] {
    /// Whether one of these `NAME=value` entries has this name.
    fileprivate func names(_ name: String) -> Bool { contains { $0.hasPrefix("\(name)=") } }
}
