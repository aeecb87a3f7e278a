import ContainerRuntime
import Linux
import OCI
import SystemPackage

/// One run of a container: its process and everything that exists only while it runs.
final class ContainerRun {
    /// The exit state of a process.
    enum Ending {
        /// It is running.
        case none
        case known(Int32)
        /// It has exited with a status that is unknown, or unknown until its parent has reaped it.
        case unknown
    }

    let process: ProcessHandle
    let cgroup: Cgroup
    let log: ContainerLog
    let network: RunNetwork
    /// The container's specification. Where it has become unreadable, only commands cannot be run in
    /// the container.
    let specification: Result<RuntimeSpecification, RuntimeError>
    var health: HealthMonitor?
    /// It has exited; its status is awaited.
    var isAwaitingExitStatus = false
    /// How long an unterminated line is held before it is flushed.
    private static let lineEndPatience = Duration.milliseconds(10)
    /// For each stream, running while an unterminated line is held.
    private var lineTimers: [EventLoop.Timer?] = [nil, nil]
    /// Groups of hooks and probes in which processes may be left.
    var commandGroups: [Cgroup] = []
    var commandCount = 0
    private let terminal: ContainerTerminal?
    let environment: SupervisorEnvironment
    private let spool: FilePath
    /// The start time of a process that is not a child of this supervisor.
    private let startTime: UInt64?

    /// A run whose process has just become the container's program.
    init(
        _ process: consuming ProcessHandle,
        _ parts: ContainerStartup.Parts,
        _ environment: SupervisorEnvironment
    ) {
        self.process = process
        startTime = nil
        self.environment = environment
        (log, network, spool) = (parts.log, parts.network, parts.spool)
        (cgroup, terminal) = (parts.cgroup, parts.terminal)
        specification = .success(parts.specification)
    }

    /// Writes errors of the container's log to the supervisor's log.
    func reportLogErrors() {
        let name = network.record.name
        log.onTrouble = { [environment] in environment.log("\(name): \($0)") }
    }

    /// A run that a dead supervisor started; nil when its process has exited.
    init?(takingOver container: SupervisedContainer) throws {
        let (environment, state) = (container.environment, container.state)
        guard let pid = state.pid, let start = state.processStart,
            let process = try ProcessHandle.reopening(pid: pid, startTime: start)
        else { return nil }
        self.process = process
        startTime = start
        self.environment = environment
        spool = environment.files.spool(container.id)
        specification = container.files.readSpecification()
        cgroup = try Self.group(of: container, specification)
        let paths = container.files.paths
        log = try ContainerLog(paths, spool: spool, rule: container.record.logging)
        network = RunNetwork(
            container.record,
            environment.network,
            isStandby: container.state.isStandby == true
        )
        if let console = environment.keeper.takeConsole(of: container.id) {
            let keepsInput = container.record.keepsInputOpen
            terminal = try ContainerTerminal(
                console,
                input: keepsInput ? paths.standardInput : nil,
                loop: environment.loop
            )
        } else {
            terminal = nil
        }
        if !environment.keeper.knows(container.id) { registerWithKeeper() }
    }

    /// Passes everything that must outlive this supervisor to the keeper.
    func registerWithKeeper() {
        let id = network.record.id
        environment.keeper.keep(id, fifos: log.descriptors, console: terminal?.number)
        environment.keeper.keep(id, process: process.descriptor.number)
    }

    /// Logs the remaining output of a run whose process has exited, and removes its resources.
    static func cleanUpAfterExit(of container: SupervisedContainer) throws {
        let environment = container.environment
        let spool = environment.files.spool(container.id)
        let log = try ContainerLog(
            container.files.paths,
            spool: spool,
            rule: container.record.logging
        )
        if let console = environment.keeper.takeConsole(of: container.id) {
            let terminal = try ContainerTerminal(console, input: nil, loop: environment.loop)
            terminal.end(log) {
                do throws(SystemCallError) {
                    try log.pump(.output)
                } catch {
                    environment.log("\(container.record.name): \(error)")
                }
            }
        }
        try log.finish()
        if FileSystem.exists(spool) { try FileSystem.removeTree(spool) }
        let cgroup = try group(of: container, container.files.readSpecification())
        try cgroup.killAll()
        try cgroup.remove()
        cgroup.removeCommonParent()
        let network = RunNetwork(
            container.record,
            environment.network,
            isStandby: container.state.isStandby == true
        )
        try network.findEndpoints()
        network.release()
    }

    /// Whether the OOM killer killed a process of a run that has not been cleaned up yet.
    static func wasOutOfMemory(_ container: SupervisedContainer) -> Bool {
        // Unknown if the control groups cannot be read.
        let group = try? group(of: container, container.files.readSpecification())
        return group?.hasKilledForMemory ?? false
    }

    /// The container's control group, found by the container's id if its bundle is unreadable.
    private static func group(
        of container: SupervisedContainer,
        _ specification: Result<RuntimeSpecification, RuntimeError>
    ) throws -> Cgroup {
        let cgroups = container.environment.cgroups
        switch specification {
        case .success(let specification): return Cgroup(specification, container.id, cgroups)
        case .failure:
            return try cgroups.groups(named: container.id).first
                ?? Cgroup("\(Cgroup.commonParent)/\(container.id)", in: cgroups)
        }
    }

    /// Whether the process has exited, and with which status.
    func ending() throws(SystemCallError) -> Ending {
        do throws(SystemCallError) {
            guard let status = try process.poll() else { return .none }
            return .known(status.code)
        } catch {
            // A process that was taken over is not a child; the kernel may still report its status.
            guard error.reason == .noChildProcess else { throw error }
            if process.isRunning() { return .none }
            let status = process.exitStatusOfNonChild(startTime: startTime)
            return status.map { .known($0.code) } ?? .unknown
        }
    }

    /// Kills every process of the container.
    func killAll() {
        do throws(RuntimeError) {
            try cgroup.killAll()
        } catch {
            environment.log(
                "cannot kill the processes of \(network.record.name) by their control group: \(error)"
            )
        }
        // The kernel kills the other processes of a PID namespace with its PID 1.
        try? process.send(.kill)
    }

    /// The processes that still run, for a message: `process 123 (sleep, D (disk sleep))`.
    var remaining: [String] {
        // The message is shorter then.
        let pids = (try? cgroup.processes()) ?? []
        return pids.map { pid in
            // It may have exited just now.
            let fields = (try? ProcessTable.statusFields(of: pid)) ?? []
            let words = ["Name", "State"].compactMap { key in fields.first { $0.0 == key }?.1 }
            return "process \(pid) (\(words.joined(separator: ", ")))"
        }
    }

    /// Logs the terminal's output at once, terminated lines or not: it is interactive.
    func watchTerminal() throws(SystemCallError) {
        try terminal?.begin(log) { [unowned self] in
            attempt {
                try log.pump(.output)
                try log.flush(.output)
            }
        }
    }

    /// Resizes its terminal; returns false if it has none.
    func resize(to size: Terminal.Size) throws(SystemCallError) -> Bool {
        try terminal?.resize(to: size)
        return terminal != nil
    }

    /// Moves a stream's output from its FIFO into the log; flushes a partial line after
    /// `lineEndPatience`.
    func pump(_ stream: LogStream) throws(SystemCallError) {
        try log.pump(stream)
        if let start = log.unfinishedLine(stream) { waitForEnd(of: stream, from: start) }
    }

    private func waitForEnd(of stream: LogStream, from start: Int64) {
        guard lineTimers[stream.rawValue] == nil else { return }
        let loop = environment.loop
        lineTimers[stream.rawValue] = loop.after(Self.lineEndPatience) { [unowned self] in
            lineTimers[stream.rawValue] = nil
            switch log.unfinishedLine(stream) {
            case nil: return
            case start: attempt { try log.flush(stream) }
            case .some(let next): waitForEnd(of: stream, from: next)
            }
        }
    }

    /// Releases the resources of the run, after its remaining output has been logged.
    ///
    /// What the keeper holds is left to the caller: it is needed until the end is recorded.
    func release() {
        let loop = environment.loop
        loop.unwatch(process.descriptor.number)
        for stream in LogStream.allCases { loop.unwatch(log.descriptor(stream)) }
        for timer in lineTimers { timer.map(loop.cancel) }
        health?.stop()
        terminal?.end(log) { attempt { try log.pump(.output) } }
        attempt {
            // Processes may remain if the container shares its PID namespace.
            try cgroup.killAll()
            try log.finish()
            if FileSystem.exists(spool) { try FileSystem.removeTree(spool) }
        }
        network.release()
        attempt { try cgroup.remove() }
        cgroup.removeCommonParent()
    }

    private func attempt(_ body: () throws -> Void) {
        do { try body() } catch { environment.log("\(network.record.name): \(error)") }
    }
}

extension Cgroup {
    /// The group that a container's specification names.
    init(
        _ specification: RuntimeSpecification,
        _ id: String,
        _ hierarchy: CgroupHierarchy
    ) {
        self.init(specification.linux?.cgroupsPath ?? "/swiftcompose/\(id)", in: hierarchy)
    }

    /// Whether the OOM killer killed a process in it.
    var hasKilledForMemory: Bool {
        do throws(RuntimeError) {
            return try outOfMemoryKills() > 0
        } catch {
            // Without the memory controller, or the group, there was no limit to exceed.
            return false
        }
    }
}
