import ContainerRuntime
import Linux
import OCI
import SystemPackage

/// A container between its files and its running program.
///
/// Nothing here blocks: while the container's process sets up its mounts and limits, the supervisor
/// starts the next container, attaches others to their networks and serves those that run.
final class ContainerStartup {
    /// The resources that the run takes over from the startup.
    struct Parts {
        let log: ContainerLog
        let network: RunNetwork
        let specification: RuntimeSpecification
        let spool: FilePath
        let cgroup: Cgroup
        /// Nil until the process has allocated it.
        var terminal: ContainerTerminal?
    }

    private let id: String
    private let environment: SupervisorEnvironment
    private let paths: ContainerPaths
    /// The files of the container whose network this one shares.
    private let networkLender: ContainerPaths?
    /// The FIFO for the terminal's input; nil without input.
    private let terminalInput: FilePath?
    private var parts: Parts
    private var pending: PendingContainer?
    private let onProcess: (_ pid: Int32, RunNetwork) throws -> Void
    private let finish: (Result<ContainerRun, any Error>) -> Void

    /// Creates the process.
    ///
    /// `onProcess` records it, before it may become the container's program. `finish` is called
    /// later, by the loop, unless this throws.
    init(
        of container: SupervisedContainer,
        onProcess: @escaping (_ pid: Int32, RunNetwork) throws -> Void,
        finish: @escaping (Result<ContainerRun, any Error>) -> Void
    ) throws {
        id = container.id
        environment = container.environment
        paths = container.files.paths
        networkLender = container.networkLender
        terminalInput = container.record.keepsInputOpen ? paths.standardInput : nil
        self.onProcess = onProcess
        self.finish = finish
        let spool = environment.files.spool(id)
        let log = try ContainerLog(paths, spool: spool, rule: container.record.logging)
        let specification = try container.specificationForStart()
        parts = Parts(
            log: log,
            network: RunNetwork(
                container.record,
                environment.network,
                former: container.state.formerEndpoints ?? container.record.formerEndpoints ?? [],
                isStandby: container.state.isStandby == true
            ),
            specification: specification,
            spool: spool,
            cgroup: Cgroup(specification, id, environment.cgroups)
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

    /// The network connections made so far.
    var network: RunNetwork { parts.network }

    /// Connects the process once it is in its namespaces, while it sets itself up; one with a
    /// terminal later, since the terminal must be registered before the process is released.
    private func advance() throws {
        let hasTerminal = parts.specification.process?.terminal == true
        switch try pending?.advance() {
        case .inNamespaces where !hasTerminal: try connect()
        case .created where hasTerminal:
            try takeConsole()
            try connect()
        case .started: try complete()
        case .cloned, .inNamespaces, .created, nil: break
        }
    }

    private func takeConsole() throws {
        guard let console = try pending?.takeConsole() else { return }
        parts.terminal = try ContainerTerminal(
            console,
            input: terminalInput,
            loop: environment.loop
        )
    }

    /// Connects the process to its networks, records it and releases it.
    private func connect() throws {
        guard let namespace = try pending?.networkNamespace(), let pid = pending?.pid else {
            return
        }
        try parts.network.connect(namespace)
        try parts.network.writeFiles(paths, sharing: networkLender)
        try onProcess(pid, parts.network)
        environment.keeper.keep(
            id,
            fifos: parts.log.descriptors,
            console: parts.terminal?.number
        )
        try pending?.release()
    }

    /// Hands over the process, which executes the container's program.
    private func complete() throws {
        stopWatching()
        let connected = pending?.pid
        guard let process = try pending.take()?.start() else { return }
        // In another container's PID namespace, another process than the one set up executes it.
        if process.pid != connected { try onProcess(process.pid, parts.network) }
        environment.keeper.keep(id, process: process.descriptor.number)
        finish(.success(ContainerRun(process, parts, environment)))
    }

    private func attempt(_ step: () throws -> Void) {
        do {
            try step()
        } catch {
            // The reason that the process reported, if it caused the failure of this step.
            let reason = pending?.reportedReason() ?? error
            release()
            finish(.failure(reason))
        }
    }

    private func stopWatching() {
        if let descriptor = pending?.descriptor { environment.loop.unwatch(descriptor) }
    }

    /// Kills the process, if there is one, and releases its resources.
    private func release() {
        stopWatching()
        pending = nil
        parts.network.release()
        environment.keeper.drop(id)
    }
}

extension SupervisedContainer {
    /// The specification on disk, completed with values that are known only at the start.
    fileprivate func specificationForStart() throws -> RuntimeSpecification {
        var specification = try files.specification()
        try JoinedNamespaces(record, among: siblings).apply(to: &specification)
        specification.process?.consoleSize = terminalSize.map {
            .init(height: $0.rows, width: $0.columns)
        }
        return specification
    }

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
