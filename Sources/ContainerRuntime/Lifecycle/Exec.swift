public import Linux
public import OCI
import SystemPackage

/// Starts additional processes in running containers.
public enum Exec {
    /// A process to start, confined in the same way as a container's own process.
    public struct Request: Sendable, Equatable {
        public var process: RuntimeSpecification.Process
        /// The container's system call filter; nil for none.
        public var seccomp: RuntimeSpecification.Seccomp?
        /// `user[:group]` by name or number, looked up in the container; replaces numeric ids.
        public var user: String?
        public var streams: StandardStreams
        /// Kills the process when the calling thread exits.
        public var endsWithParent: Bool
        /// The name of a control group below the container's, in which the process and its
        /// descendants can be killed together; nil for the container's own group.
        public var group: String?

        public init(
            _ process: RuntimeSpecification.Process,
            seccomp: RuntimeSpecification.Seccomp? = nil,
            user: String? = nil,
            streams: StandardStreams = .null,
            endsWithParent: Bool = false,
            group: String? = nil
        ) {
            self.process = process
            self.seccomp = seccomp
            self.user = user
            self.streams = streams
            self.endsWithParent = endsWithParent
            self.group = group
        }
    }

    /// Starts a process in all namespaces and control groups of `container`, any process of it.
    ///
    /// The caller has one thread and is the new process's parent. Returns when execve(2) has
    /// succeeded; throws its reason when it has failed.
    public static func start(
        _ request: Request,
        in container: borrowing ProcessHandle,
        hierarchy: CgroupHierarchy? = nil
    ) throws(RuntimeError) -> StartedProcess {
        let (ours, theirs) = try RuntimeError.during(.clone, MessageSocket.pair())
        let socket = MessageSocket(owning: Descriptor(owning: ours))
        let far = Descriptor(owning: theirs)
        var started = try begin(
            request,
            in: container,
            hierarchy: hierarchy,
            reportingTo: far.number
        )
        _ = consume far
        do throws(RuntimeError) {
            while let report = try ExecReport.receive(from: socket) {
                switch consume report {
                case .console(let console): started.console = consume console
                case .failed(let error): throw error
                }
            }
            return started
        } catch {
            // The child exits after its report; the first error is reported.
            _ = try? started.process.wait()
            try? started.group?.remove()
            throw error
        }
    }

    /// Starts a process without waiting for execve(2).
    ///
    /// The peer of `socket`, the descriptor of a `MessageSocket`, receives the new process's
    /// `ExecReport`s; the process closes its copy by execve or by exiting.
    public static func begin(
        _ request: Request,
        in container: borrowing ProcessHandle,
        hierarchy: CgroupHierarchy? = nil,
        reportingTo socket: Int32
    ) throws(RuntimeError) -> StartedProcess {
        let threads = try RuntimeError.during(.clone, Clone.threadCount())
        guard threads == 1 else { throw .severalThreads(threads) }
        let hierarchy = if let hierarchy { hierarchy } else { try CgroupHierarchy.discover() }
        let cgroup = try Cgroup(of: container.pid, in: hierarchy)
        let filter = try request.seccomp.map(SeccompCache.filter)
        let group = request.group.map { Cgroup("\(cgroup.path)/\($0)", in: hierarchy) }
        let child = try ExecChild(
            request,
            filter: filter,
            cgroups: [cgroup, group ?? cgroup],
            socket: socket
        )
        try group?.createPlain()
        do throws(RuntimeError) {
            return StartedProcess(try clone(container, group ?? cgroup, child), group: group)
        } catch {
            // The first error is reported; the group is removed with the container.
            try? group?.remove()
            throw error
        }
    }

    private static func clone(
        _ container: borrowing ProcessHandle,
        _ cgroup: Cgroup,
        _ child: ExecChild
    ) throws(RuntimeError) -> ProcessHandle {
        let (pidfd, pid) = (container.descriptor.number, container.pid)
        let group = cgroup.directory("").flatMap { FileSystem.exists($0) ? $0 : nil }
        return try ProcessNamespace.within(container.descriptor) { () throws(SystemCallError) in
            let body = { () -> Never in child.run(in: pidfd, pid: pid) }
            guard let group else { return try Clone.start([], body) }
            let directory = try Descriptor.open(group, [.pathOnly, .directory])
            return try Clone.start([], cgroup: directory.number, body)
        }
    }
}

/// A process that executes its program or is about to, and its terminal if it has one.
public struct StartedProcess: ~Copyable {
    public let process: ProcessHandle
    /// The process's own control group, if one was requested.
    public let group: Cgroup?
    var console: Descriptor?

    init(_ process: consuming ProcessHandle, group: Cgroup? = nil) {
        self.process = process
        self.group = group
    }

    /// Takes the primary side of the terminal; nil without one and on every further call.
    public mutating func takeConsole() -> Descriptor? { console.take() }

    /// Consumes this value and returns the process.
    public consuming func takeProcess() -> ProcessHandle { process }
}

/// The new process of an exec, from clone to execve.
final class ExecChild {
    private let request: Exec.Request
    private let setup: ProcessSetup
    /// The groups to enter in this order, the innermost last.
    private let cgroups: [Cgroup]
    /// The descriptor of a `MessageSocket`, which the parent owns.
    private let socket: Int32

    init(
        _ request: Exec.Request,
        filter: SeccompFilter?,
        cgroups: [Cgroup],
        socket: Int32
    ) throws(RuntimeError) {
        self.request = request
        setup = try ProcessSetup(
            process: request.process,
            extensions: RuntimeExtensions(user: request.user),
            filter: filter
        )
        self.cgroups = cgroups
        self.socket = socket
    }

    /// Becomes the program; on failure reports the error to the parent and exits.
    func run(in container: Int32, pid: Int32) -> Never {
        do throws(RuntimeError) {
            try becomeProgram(in: container, pid: pid)
        } catch {
            // The parent may have exited.
            try? MessageSocket.send(ExecReport.message(of: error), to: socket)
            CurrentProcess.end(125)
        }
    }

    private func becomeProgram(in container: Int32, pid: Int32) throws(RuntimeError) -> Never {
        let streams = try leaveParent(keeping: container)
        for cgroup in cgroups { try cgroup.enterExistingV1() }
        let namespaces: Namespaces = [.mount, .uts, .ipc, .network, .cgroup]
        try RuntimeError.during(
            .namespaces,
            namespaces.join(ProcessHandle(pid: pid, owning: .duplicating(container)))
        )
        let root = ConfinedDirectory(
            try RuntimeError.during(.namespaces, Descriptor.open("/", [.pathOnly, .directory]))
        )
        let identity = try setup.identity(in: root)
        try setup.enterWorkingDirectory(root, makingIt: false)
        try setup.setLimits()
        try connect(streams, root, identity)
        if request.endsWithParent {
            try RuntimeError.during(.clone, CurrentProcess.setParentDeathSignal(.kill))
        }
        try setup.becomeProgram(identity)
    }

    private func leaveParent(keeping container: Int32) throws(RuntimeError) -> OpenStreams {
        do {
            // The container's processes must not read our memory or reach our program.
            try CurrentProcess.setDumpable(false)
            try CurrentProcess.startSession()
        } catch {
            throw .refused(.clone, error)
        }
        if let adjustment = request.process.oomScoreAdj {
            try RuntimeError.during(
                .limits,
                "oom_score_adj \(adjustment)",
                FileSystem.write("\(adjustment)", into: "/proc/self/oom_score_adj")
            )
        }
        try AppArmor.confine(to: request.process.apparmorProfile)
        let opened = try OpenStreams(request.streams)
        let kept = opened.numbers + [socket, container]
        try RuntimeError.during(.streams, CurrentProcess.closeDescriptors(except: kept))
        CurrentProcess.setUmask(0)
        return opened
    }

    private func connect(
        _ streams: OpenStreams,
        _ root: borrowing ConfinedDirectory,
        _ identity: ProcessSetup.Identity
    ) throws(RuntimeError) {
        guard request.process.terminal == true else {
            return try streams.place(for: identity.user, group: identity.group, in: root)
        }
        do {
            let console = try Console.make(
                in: root,
                size: request.process.consoleSize,
                user: identity.user,
                isContainerConsole: false
            )
            try MessageSocket.send([ChildMessage.created], file: console.number, to: socket)
        } catch {
            throw .refused(.terminal, error)
        }
    }
}
