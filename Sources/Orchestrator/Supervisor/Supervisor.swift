import ContainerNetwork
import ContainerRuntime
import Linux
import OCI
import SystemPackage

/// Supervises the containers of one project: starts and stops them, keeps their logs, probes their
/// health, restarts them, and publishes events.
///
/// A single thread does everything, so that it may clone containers and enter their namespaces. It
/// may be killed at any moment: everything that its successor must know is on disk by then.
final class Supervisor {
    /// How long it waits for the command that started it to connect.
    private static let patience = Duration.seconds(10)

    let environment: SupervisorEnvironment
    let containers: SupervisedContainers
    private let server: ControlServer
    private let execServer: ExecServer

    /// Listens, then takes over the containers of a dead supervisor.
    init(project: String, paths: DataPaths) throws {
        environment = try SupervisorEnvironment(project: project, paths: paths)
        containers = SupervisedContainers(environment)
        server = try ControlServer(environment.files.socket, loop: environment.loop)
        execServer = try ExecServer(environment.files.execSocket, loop: environment.loop)
        connect()
        containers.takeOver()
    }

    /// Connects the supervisor's components with each other.
    private func connect() {
        execServer.onQuiet = { [unowned self] in endIfIdle() }
        execServer.onRequest = { [unowned self] request, session in exec(request, for: session) }
        server.onQuiet = { [unowned self] in endIfIdle() }
        server.onEnd = { [unowned self] connection in release(connection) }
        server.onRequest = { [unowned self] action, connection, reply in
            take(action, from: connection, reply: reply)
        }
        containers.onInactive = { [unowned self] in endIfIdle() }
        environment.keeper.onRenewal = { [unowned self] in containers.registerWithKeeper() }
        environment.events.onEvent = { [unowned self] event in server.publish(event) }
    }

    /// Returns when nothing is left to supervise, or on SIGTERM or SIGINT.
    ///
    /// A signal is the administrator's wish: containers keep running, and the next command that needs
    /// a supervisor starts one. After any other end the keeper does so.
    func run() throws {
        let loop = environment.loop
        let signals = try SignalReader([.terminate, .interrupt, .hangUp, .pipe])
        try loop.watch(signals.descriptor.number) { [unowned self] _ in
            while let signal = signals.next() {
                guard signal == .terminate || signal == .interrupt else { continue }
                environment.keeper.sayFarewell()
                loop.stop()
            }
        }
        loop.after(Self.patience) { [unowned self] in endIfIdle() }
        try loop.run()
    }

    /// Ends when no container is running or waiting and no command is connected.
    private func endIfIdle() {
        guard containers.hasTakenOver else { return }
        if !server.hasConnections { containers.removeForgotten() }
        guard containers.dropInactive(), execServer.isQuiet, server.closeIfQuiet() else { return }
        execServer.close()
        environment.loop.stop()
    }

    /// Removes the `run --rm` containers that were held by a closed connection: their logs have no
    /// other reader.
    private func release(_ connection: ControlConnection) {
        for container in containers.all where container.holder == ObjectIdentifier(connection) {
            container.holder = nil
            container.removeIfForgotten()
        }
    }

    private func take(
        _ action: SupervisorRequest.Action,
        from connection: ControlConnection,
        reply: @escaping RequestReply
    ) {
        switch action {
        case .subscribe(let since):
            connection.isSubscribed = true
            if let since { replay(since, to: connection) }
            reply(.success(()))
        case .start(let id):
            with(id, reply) { container in
                container.holder = ObjectIdentifier(connection)
                container.start(reply)
            }
        case .startStandby(let id): with(id, reply) { $0.start(asStandby: true, reply) }
        case .promote(let id, let other): with(id, reply) { $0.promote(over: other, reply) }
        case .stop(let id, let grace): with(id, reply) { $0.stop(grace: grace, reply) }
        case .kill(let id, let signal): with(id, reply) { $0.kill(signal, reply) }
        case .pause(let id): with(id, reply) { $0.pause(reply) }
        case .resume(let id): with(id, reply) { $0.resume(reply) }
        case .remove(let id):
            guard let container = containers.find(id) else { return reply(.success(())) }
            container.whenStarted { container.remove(reply) }
        case .reconnect(let id): with(id, reply) { $0.reconnect(reply) }
        case .hurryHealth(let id):
            with(id, reply) { container in
                container.hurryHealthChecks()
                reply(.success(()))
            }
        case .discard(let id): containers.discard(id, reply)
        case .report(let kind, let container, let name, let service):
            environment.events.publish(kind, container: container, name: name, service: service)
            reply(.success(()))
        case .resize(let id, let rows, let columns):
            with(id, reply) { $0.resize(to: .init(rows: rows, columns: columns), reply) }
        }
    }

    private func with(
        _ id: String,
        _ reply: RequestReply,
        _ body: @escaping (SupervisedContainer) -> Void
    ) {
        guard let container = containers.find(id) else {
            let reason = "no such container: \(id); another command may have removed it"
            return reply(.failure(RequestFailure(reason: reason)))
        }
        container.whenStarted { body(container) }
    }

    private func replay(_ since: Timestamp, to connection: ControlConnection) {
        do {
            for event in try environment.events.events(since: since) {
                connection.send(.event(event))
            }
        } catch {
            environment.log("cannot read past events: \(error)")
        }
    }
}
