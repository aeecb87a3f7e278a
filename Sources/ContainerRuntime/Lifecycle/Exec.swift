public import Linux
public import OCI
import SystemPackage

/// Starts further processes in running containers.
public enum Exec {
    /// What runs, and how it is held in check: as a container's own process.
    public struct Request: Sendable, Equatable {
        public var process: RuntimeSpecification.Process
        /// The container's filter; nil for none.
        public var seccomp: RuntimeSpecification.Seccomp?
        /// `user[:group]` by name or number, looked up in the container; replaces the ids given.
        public var user: String?
        public var streams: StandardStreams
        /// Kills the process when the calling thread ends.
        public var endsWithParent: Bool
        /// The name of a group below the container's, for the process and all that it starts, so
        /// that they can be killed together; nil for the container's own.
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
    /// The caller has one thread and is the new process's parent. Returns once execve has
    /// succeeded, and throws with its reason when it has not.
    public static func start(
        _ request: Request,
        in container: borrowing ProcessHandle,
        hierarchy: CgroupHierarchy? = nil
    ) throws(RuntimeError) -> StartedProcess {
        let (ours, theirs) = try attempt(.clone) { () throws(SystemCallError) in
            try MessageSocket.pair()
        }
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
            // The child ends by itself after its report; the first fault is the one to tell.
            _ = try? started.process.wait()
            try? started.group?.remove()
            throw error
        }
    }

    /// The same without waiting for execve.
    ///
    /// Whoever holds the other end of `socket`, the number of a `MessageSocket`, gets the new
    /// process's `ExecReport`s; the process closes its copy by execve or with its end.
    public static func begin(
        _ request: Request,
        in container: borrowing ProcessHandle,
        hierarchy: CgroupHierarchy? = nil,
        reportingTo socket: Int32
    ) throws(RuntimeError) -> StartedProcess {
        let threads = try attempt(.clone) { () throws(SystemCallError) in
            try Clone.threadCount()
        }
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
            // The first fault is the one to tell; the group goes with the container.
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

/// A process that is its program or about to become it, and its terminal if it has one.
public struct StartedProcess: ~Copyable {
    public let process: ProcessHandle
    /// The group of its own that it was started in.
    public let group: Cgroup?
    var console: Descriptor?

    init(_ process: consuming ProcessHandle, group: Cgroup? = nil) {
        self.process = process
        self.group = group
    }

    /// The terminal's near side, once; nil when the process has none.
    public mutating func takeConsole() -> Descriptor? { console.take() }

    /// Gives up this value for the process.
    public consuming func takeProcess() -> ProcessHandle { process }
}

/// The new process of an exec, from clone to execve.
final class ExecChild {
    private let request: Exec.Request
    private let setup: ProcessSetup
    /// Entered one after the other; the last is the innermost.
    private let cgroups: [Cgroup]
    /// The number of a `MessageSocket`, which the parent owns.
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

    /// Does everything; on failure tells the parent and ends.
    func run(in container: Int32, pid: Int32) -> Never {
        do throws(RuntimeError) {
            try becomeProgram(in: container, pid: pid)
        } catch {
            // A parent that has gone is told nothing.
            try? MessageSocket.send(ExecReport.message(of: error), to: socket)
            CurrentProcess.end(125)
        }
    }

    private func becomeProgram(in container: Int32, pid: Int32) throws(RuntimeError) -> Never {
        let streams = try leaveParent(keeping: container)
        for cgroup in cgroups { try cgroup.enterExistingV1() }
        try attempt(.namespaces) { () throws(SystemCallError) in
            let namespaces: Namespaces = [.mount, .uts, .ipc, .network, .cgroup]
            try namespaces.join(ProcessHandle(pid: pid, owning: .duplicating(container)))
        }
        let root = ConfinedDirectory(
            try attempt(.namespaces) { () throws(SystemCallError) in
                try .open("/", [.pathOnly, .directory])
            }
        )
        let identity = try setup.identity(in: root)
        try setup.enterWorkingDirectory(root, makingIt: false)
        try setup.setLimits()
        try connect(streams, root, identity)
        if request.endsWithParent {
            try attempt(.clone) { () throws(SystemCallError) in
                try CurrentProcess.setParentDeathSignal(.kill)
            }
        }
        try setup.becomeProgram(identity)
    }

    private func leaveParent(keeping container: Int32) throws(RuntimeError) -> OpenStreams {
        try attempt(.clone) { () throws(SystemCallError) in
            // The container's processes must not read our memory or reach our program.
            try CurrentProcess.setDumpable(false)
            try CurrentProcess.startSession()
        }
        if let adjustment = request.process.oomScoreAdj {
            try attempt(.limits, "oom_score_adj \(adjustment)") { () throws(SystemCallError) in
                try FileSystem.write("\(adjustment)", into: "/proc/self/oom_score_adj")
            }
        }
        try AppArmor.confine(to: request.process.apparmorProfile)
        let opened = try OpenStreams(request.streams)
        let kept = opened.numbers + [socket, container]
        try attempt(.streams) { () throws(SystemCallError) in
            try CurrentProcess.closeDescriptors(except: kept)
        }
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
        try attempt(.terminal) { () throws(SystemCallError) in
            let console = try Console.make(
                in: root,
                size: request.process.consoleSize,
                user: identity.user,
                isContainerConsole: false
            )
            try MessageSocket.send([ChildMessage.created], file: console.number, to: socket)
        }
    }
}
