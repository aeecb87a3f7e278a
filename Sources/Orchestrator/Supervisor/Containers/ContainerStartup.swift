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
    private var creation: ContainerCreation?
    private var start: ContainerStart?
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
        let creation = try Container.begin(
            Bundle(directory: paths.directory, specification: specification),
            streams: try container.streams(),
            hierarchy: environment.cgroups
        )
        let descriptor = creation.descriptor
        self.creation = consume creation
        try environment.loop.watch(descriptor) { [unowned self] _ in attempt(advance) }
    }

    /// Connects the process once it is in its namespaces, while it sets itself up; one with a
    /// terminal later, since that must be known before it is let go.
    private func advance() throws {
        let progress = try creation?.progress()
        if parts.specification.process?.terminal == true && progress != .isSetUp { return }
        guard var creation = creation.take() else { return }
        environment.loop.unwatch(creation.descriptor)
        guard progress == .isSetUp else {
            try connect(creation.pid, creation.networkNamespace())
            return try follow(creation.letGo())
        }
        var created = try creation.finish()
        try take(created.takeConsole())
        try connect(created.pid, created.networkNamespace())
        try follow(created.letGo())
    }

    private func take(_ console: consuming Descriptor?) throws {
        guard let console else { return }
        let input = container.record.keepsInputOpen ? container.files.paths.standardInput : nil
        parts.terminal = try ContainerTerminal(console, input: input, loop: environment.loop)
    }

    /// Gives a process all that it needs from outside.
    ///
    /// The state on disk names the process before it may become the container's program, so that
    /// no program ever runs that nobody knows of.
    private func connect(_ pid: Int32, _ namespace: borrowing Descriptor) throws {
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
    }

    private func follow(_ start: consuming ContainerStart) throws {
        let descriptor = start.descriptor
        self.start = consume start
        try environment.loop.watch(descriptor) { [unowned self] _ in
            attempt { () throws in
                guard try self.start?.isDone() != false else { return }
                environment.loop.unwatch(descriptor)
                try run()
            }
        }
    }

    /// The process is the container's program.
    private func run() throws {
        guard let process = try start.take()?.finish() else { return }
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

    /// Ends the process, if there is one, and takes everything back.
    private func release() {
        for watched in [creation?.descriptor, start?.descriptor] {
            if let watched { environment.loop.unwatch(watched) }
        }
        creation = nil
        start = nil
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
            case (true, true): .ending(paths.standardInput)
            }
        return StandardStreams(
            input: input,
            output: .fifo(paths.standardOutput),
            error: .fifo(paths.standardError)
        )
    }
}
