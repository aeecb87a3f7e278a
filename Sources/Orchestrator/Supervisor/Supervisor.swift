import ContainerNetwork
import ContainerRuntime
import Linux
import OCI
import SystemPackage

/// Watches over the containers of one project: starts and ends them, keeps their logs, probes
/// their health, restarts them, and tells what happens.
///
/// One thread does everything, so that it may clone containers and visit their namespaces. It
/// may be killed at any moment: whatever the next supervisor must know is on disk by then.
final class Supervisor {
    /// How long it waits for whoever started it.
    private static let patience = Duration.seconds(10)

    let project: String
    let paths: DataPaths
    let files: ProjectPaths
    let loop: EventLoop
    let keeper: KeeperLink
    let cgroups: CgroupHierarchy
    let networks: NetworkStore
    let forwarder: PortForwarder
    private(set) lazy var nameServer = NameServer(loop: loop) { [unowned self] lookup, container in
        answer(lookup, for: container)
    }
    /// Open files that containers may have, as the system had it before this program took more.
    let openFiles: OpenFileLimit
    private let server: ControlServer
    private let execServer: ExecServer
    private let journal: EventJournal
    /// It has taken over everything, and may end when nothing is left.
    private(set) var isReady = false
    private var lastEvent = Timestamp(seconds: 0)
    private(set) var containers: [String: SupervisedContainer] = [:]

    /// Listens, then takes over what a dead supervisor left behind.
    init(project: String, paths: DataPaths, openFiles: OpenFileLimit) throws {
        self.project = project
        self.paths = paths
        self.openFiles = openFiles
        files = paths.project(project)
        loop = try EventLoop()
        // As early as can be: the keeper is a copy of us and keeps what our memory is now.
        keeper = KeeperLink(files, loop: loop, note: Self.write)
        cgroups = try CgroupHierarchy.discover()
        networks = NetworkStore(directory: paths.networks)
        forwarder = PortForwarder(loop: loop)
        journal = EventJournal(files)
        server = try ControlServer(files.socket, loop: loop)
        execServer = try ExecServer(files.execSocket, loop: loop)
        execServer.onQuiet = { [unowned self] in endIfIdle() }
        execServer.onRequest = { [unowned self] request, session in exec(request, for: session) }
        server.onQuiet = { [unowned self] in endIfIdle() }
        server.onEnd = { [unowned self] connection in release(connection) }
        server.onRequest = { [unowned self] action, connection, reply in
            take(action, from: connection, reply: reply)
        }
        keeper.onRenewal = { [unowned self] in
            for container in containers.values { container.run?.haveKept() }
        }
        takeOver()
    }

    /// Returns when nothing is left to watch, or when a signal asks for it.
    func run() throws {
        let signals = try SignalReader([.terminate, .interrupt, .hangUp, .pipe])
        try loop.watch(signals.descriptor.number) { [unowned self] _ in
            while let signal = signals.next() {
                // Containers go on without us, until the next command starts our successor.
                if signal == .terminate || signal == .interrupt { loop.stop() }
            }
        }
        isReady = true
        loop.after(Self.patience) { [unowned self] in endIfIdle() }
        try loop.run()
    }

    /// Ends when no container runs or waits, and nobody is connected.
    func endIfIdle() {
        guard isReady else { return }
        if !server.hasConnections {
            for container in containers.values { container.removeIfForgotten() }
        }
        containers = containers.filter { $0.value.isActive || $0.value.awaitsRemoval }
        guard containers.isEmpty, execServer.isQuiet, server.closeIfQuiet() else { return }
        execServer.close()
        loop.stop()
    }

    /// Nobody reads the logs any more of what this connection has started.
    private func release(_ connection: ControlConnection) {
        for container in containers.values where container.holder == ObjectIdentifier(connection) {
            container.holder = nil
            container.removeIfForgotten()
        }
    }

    /// Tells everyone what happened to a container; its state is on disk by now.
    func tell(_ kind: ContainerEvent.Kind, of record: ContainerRecord) {
        // Later than the last one, so that the time alone says what somebody has seen.
        lastEvent = max(.now, Timestamp(sinceEpoch: lastEvent.sinceEpoch + 1))
        let event = ContainerEvent(
            container: record.id,
            name: record.name,
            service: record.service,
            time: lastEvent,
            kind: kind
        )
        do {
            try journal.append(event)
        } catch {
            note("events are not kept: \(error)")
        }
        server.publish(event)
    }

    /// Writes a line about ourselves to the supervisor's log.
    func note(_ words: String) { Self.write(words) }

    private static func write(_ words: String) {
        StandardStream.error.write(Array("\(Timestamp.now.nineDigits) \(words)\n".utf8))
    }

    /// Finds a container by id, or by a name that it has in this project.
    func container(_ idOrName: String) -> SupervisedContainer? {
        if let known = containers[idOrName] { return known }
        guard let found = try? SupervisedContainer(idOrName, in: self) else {
            return containers.values.first { $0.record.name == idOrName }
        }
        containers[idOrName] = found
        return found
    }

    private func take(
        _ action: SupervisorRequest.Action,
        from connection: ControlConnection,
        reply: @escaping ControlServer.Reply
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
        case .stop(let id, let grace): with(id, reply) { $0.stop(grace: grace, reply) }
        case .kill(let id, let signal): with(id, reply) { $0.kill(signal, reply) }
        case .pause(let id): with(id, reply) { $0.pause(reply) }
        case .resume(let id): with(id, reply) { $0.resume(reply) }
        case .remove(let id):
            guard let container = container(id) else { return reply(.success(())) }
            whenLaunched(container) { container.remove(reply) }
        case .resize(let id, let rows, let columns):
            with(id, reply) { $0.resize(to: .init(rows: rows, columns: columns), reply) }
        }
    }

    private func with(
        _ id: String,
        _ reply: ControlServer.Reply,
        _ body: @escaping (SupervisedContainer) -> Void
    ) {
        guard let container = container(id) else {
            let reason = "no such container: \(id); it may have been removed meanwhile"
            return reply(.failure(ControlServer.Refusal(reason: reason)))
        }
        whenLaunched(container) { body(container) }
    }

    /// Does something with a container at once, or when its start, under way, is through.
    private func whenLaunched(_ container: SupervisedContainer, _ body: @escaping () -> Void) {
        if container.launch == nil { body() } else { container.afterLaunch.append(body) }
    }

    private func replay(_ since: Timestamp, to connection: ControlConnection) {
        do {
            for event in try journal.read(since: since) { connection.send(.event(event)) }
        } catch {
            note("past events cannot be read: \(error)")
        }
    }

    private func takeOver() {
        do {
            guard FileSystem.exists(files.containers) else { return }
            for id in try FileSystem.entries(of: files.containers) where !id.hasPrefix(".") {
                do {
                    let container = try SupervisedContainer(id, in: self)
                    container.takeOver()
                    if container.isActive || container.awaitsRemoval { containers[id] = container }
                } catch {
                    // Half created: whoever was creating it begins anew.
                    note("container \(id) is passed over: \(error)")
                }
            }
            keeper.dropAll(but: containers.values.filter { $0.run != nil }.map(\.id))
            for container in containers.values { container.takeOverNetwork() }
        } catch {
            note("containers cannot be listed: \(error)")
        }
    }
}
