import ContainerRuntime
import Linux
import OCI
import SystemPackage

/// A container on its way from its files to its running program.
///
/// Nothing here waits: while the container's process mounts and limits itself, the supervisor
/// begins with the next one, connects others, and serves those that run.
final class ContainerStartup {
    /// What a run keeps of its launch.
    struct Parts {
        let log: ContainerLog
        let network: RunNetwork
        let specification: RuntimeSpecification
        let spool: FilePath
        let cgroup: Cgroup
        /// Known once the process has made it.
        var terminal: ContainerTerminal?
    }

    private unowned let container: SupervisedContainer
    private let environment: SupervisorEnvironment
    private var parts: Parts
    /// How it is connected, as far as it is yet.
    var network: RunNetwork { parts.network }
    private var pending: PendingContainer?
    private let finish: (Result<ContainerRun, any Error>) -> Void

    /// Makes the process; `finish` is called later, by the loop, unless this throws.
    init(
        of container: SupervisedContainer,
        finish: @escaping (Result<ContainerRun, any Error>) -> Void
    ) throws {
        self.container = container
        self.finish = finish
        environment = container.environment
        let paths = container.files.paths
        let spool = environment.files.spool(container.id)
        let log = try ContainerLog(paths, spool: spool, rule: container.record.logging)
        let specification = try container.specificationForStart()
        parts = Parts(
            log: log,
            network: RunNetwork(container.record, environment.network),
            specification: specification,
            spool: spool,
            cgroup: Cgroup(specification, container.id, environment.cgroups)
        )
        try parts.network.prepareFiles(paths)
        let pending = try Container.create(
            Bundle(directory: paths.directory, specification: specification),
            streams: try container.streams(),
            hierarchy: environment.cgroups
        )
        let descriptor = pending.descriptor
        self.pending = consume pending
        try environment.loop.watch(descriptor) { [unowned self] _ in attempt(advance) }
    }

    /// Connects the process once it is in its namespaces, while it sets itself up; one with a
    /// terminal later, since the terminal must be registered before the process is released.
    private func advance() throws {
        let hasTerminal = parts.specification.process?.terminal == true
        switch try pending?.advance() {
        case .inNamespaces where !hasTerminal: try connect()
        case .created where hasTerminal:
            try takeConsole()
            try connect()
        case .started: try run()
        case .cloned, .inNamespaces, .created, nil: break
        }
    }

    private func takeConsole() throws {
        guard let console = try pending?.takeConsole() else { return }
        let input = container.record.keepsInputOpen ? container.files.paths.standardInput : nil
        parts.terminal = try ContainerTerminal(console, input: input, loop: environment.loop)
    }

    /// Connects the process to its networks, records it and releases it.
    ///
    /// The state on disk names the process before it may execute the container's program, so that
    /// every program that runs is recorded.
    private func connect() throws {
        guard let namespace = try pending?.networkNamespace(), let pid = pending?.pid else {
            return
        }
        let paths = container.files.paths
        try parts.network.attach(namespace)
        try parts.network.writeFiles(paths, sharing: container.networkLender)
        parts.network.describe(in: &container.state)
        container.state.pid = pid
        container.state.processStart = try ProcessTable.startTime(of: pid)
        container.state.startedAt = .now
        container.save()
        environment.keeper.keep(
            container.id,
            fifos: parts.log.descriptors,
            console: parts.terminal?.number
        )
        try pending?.release()
    }

    /// Hands over the process, which executes the container's program.
    private func run() throws {
        stopWatching()
        guard let process = try pending.take()?.start() else { return }
        environment.keeper.keep(container.id, process: process.descriptor.number)
        finish(.success(ContainerRun(process, parts, environment)))
    }

    private func attempt(_ step: () throws -> Void) {
        do {
            try step()
        } catch {
            release()
            finish(.failure(error))
        }
    }

    private func stopWatching() {
        if let descriptor = pending?.descriptor { environment.loop.unwatch(descriptor) }
    }

    /// Kills the process, if there is one, and releases all that was taken for it.
    private func release() {
        stopWatching()
        pending = nil
        parts.network.release()
        environment.keeper.drop(container.id)
    }
}

extension SupervisedContainer {
    /// What is on disk, with what only the moment of the start can tell.
    fileprivate func specificationForStart() throws -> RuntimeSpecification {
        var specification = try files.specification()
        try JoinedNamespaces(record, among: siblings).apply(to: &specification)
        environment.openFiles.apply(to: &specification)
        specification.process?.consoleSize = terminalSize.map {
            .init(height: $0.rows, width: $0.columns)
        }
        return specification
    }

    /// The files of the container whose network this one shares.
    fileprivate var networkLender: ContainerPaths? {
        guard case .container(let lender) = record.network else { return nil }
        return siblings.paths(of: lender)
    }

    fileprivate func streams() throws(SystemCallError) -> StandardStreams {
        let paths = files.paths
        if record.keepsInputOpen { try paths.makeStandardInput() }
        let input: StandardStreams.Stream =
            switch (record.keepsInputOpen, record.endsInputWithClient) {
            case (false, _): .null
            case (true, false): .fifo(paths.standardInput)
            case (true, true): .readOnlyFIFO(paths.standardInput)
            }
        return StandardStreams(
            input: input,
            output: .fifo(paths.standardOutput),
            error: .fifo(paths.standardError)
        )
    }
}
