public import Linux
public import OCI
import SystemPackage

/// Starts additional processes in running containers.
public enum Exec {
    /// A process to start, set up and confined in the same way as a container's own process.
    public struct Request: Sendable, Equatable {
        /// The container's specification with the process to start.
        public var specification: RuntimeSpecification
        public var streams: StandardStreams
        /// Kills the process when the calling thread exits.
        public var endsWithParent: Bool
        /// The name of a control group below the container's, in which the process and its
        /// descendants can be killed together; nil for the container's own group.
        public var group: String?

        public init(
            _ specification: RuntimeSpecification,
            streams: StandardStreams = .null,
            endsWithParent: Bool = false,
            group: String? = nil
        ) {
            self.specification = specification
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
        try begin(request, in: container, hierarchy: hierarchy).start()
    }

    /// Starts a process without waiting for execve(2).
    public static func begin(
        _ request: Request,
        in container: borrowing ProcessHandle,
        hierarchy: CgroupHierarchy? = nil
    ) throws(RuntimeError) -> PendingExec {
        let threads = try RuntimeError.during(.clone, Clone.threadCount())
        guard threads == 1 else { throw .severalThreads(threads) }
        let hierarchy = if let hierarchy { hierarchy } else { try CgroupHierarchy.discover() }
        let cgroup = try Cgroup(of: container.pid, in: hierarchy)
        let group = request.group.map { Cgroup("\(cgroup.path)/\($0)", in: hierarchy) }
        let (ours, theirs) = try RuntimeError.during(.clone, MessageSocket.pair())
        let socket = MessageSocket(owning: Descriptor(owning: ours))
        let child = try ExecChild(
            request,
            cgroups: [cgroup, group ?? cgroup],
            socket: MessageSocket(owning: Descriptor(owning: theirs))
        )
        try group?.createPlain()
        do throws(RuntimeError) {
            let namespace = FilePath("/proc/\(container.pid)/ns/pid")
            let sibling = try StartedSibling(child.setup, namespace: namespace)
            return PendingExec(
                try clone(container, group ?? cgroup, child),
                sibling: sibling,
                socket: socket,
                group: group
            )
        } catch {
            // The first error is reported; the group is removed with the container.
            try? group?.remove()
            throw error
        }
    }

    /// Clones the process into the container's control group, but not into its PID namespace: it
    /// still has the host's root, descriptors and capabilities.
    private static func clone(
        _ container: borrowing ProcessHandle,
        _ cgroup: Cgroup,
        _ child: ExecChild
    ) throws(RuntimeError) -> ProcessHandle {
        let (pidfd, pid) = (container.descriptor.number, container.pid)
        let body = { () -> Never in child.run(in: pidfd, pid: pid) }
        let directory = cgroup.directory("").flatMap { FileSystem.exists($0) ? $0 : nil }
        return try RuntimeError.during(.clone, Clone.start(cgroup: directory, body))
    }
}

/// The new process of an exec, from clone until it executes the starter of the program.
final class ExecChild {
    private let request: Exec.Request
    let setup: ProcessSetup
    private let hasTerminal: Bool
    /// The groups to enter in this order, the innermost last.
    private let cgroups: [Cgroup]
    private let socket: MessageSocket

    init(
        _ request: Exec.Request,
        cgroups: [Cgroup],
        socket: consuming MessageSocket
    ) throws(RuntimeError) {
        self.request = request
        hasTerminal = request.specification.process?.terminal == true
        setup = try ProcessSetup(
            request.specification,
            filter: request.specification.linux?.seccomp.map(SeccompCache.filter),
            starter: StarterProgram.Options(
                hasTerminal: hasTerminal,
                endsWithParent: request.endsWithParent
            )
        )
        self.cgroups = cgroups
        self.socket = socket
    }

    /// Starts the program; on failure reports the error to the parent and exits.
    func run(in container: Int32, pid: Int32) -> Never {
        do throws(RuntimeError) {
            try startProgram(in: container, pid: pid)
        } catch {
            // The parent may have exited.
            try? socket.send(ExecReport.message(of: error))
            CurrentProcess.end(125)
        }
    }

    /// Enters everything of the container but its PID namespace, whose processes see nothing of
    /// this one, then drops all privileges and has the program started there.
    private func startProgram(in container: Int32, pid: Int32) throws(RuntimeError) -> Never {
        if request.endsWithParent {
            try RuntimeError.during(.clone, CurrentProcess.setParentDeathSignal(.kill))
        }
        let streams = try setup.leaveParent(
            request.streams,
            keeping: [socket.descriptor.number, container]
        )
        for cgroup in cgroups { try cgroup.enterExistingV1() }
        // Only later children become members of the PID namespace.
        let namespaces: Namespaces = [.mount, .uts, .ipc, .network, .cgroup, .pid]
        try RuntimeError.during(
            .namespaces,
            namespaces.join(ProcessHandle(pid: pid, owning: Descriptor(owning: container)))
        )
        let root = ConfinedDirectory(
            try RuntimeError.during(.namespaces, Descriptor.open("/", [.pathOnly, .directory]))
        )
        let identity = try setup.identity(in: root)
        try setup.enterWorkingDirectory(root, makingIt: false)
        try setup.setLimits()
        try connect(streams, root, identity)
        try setup.startProgram(identity, reportingTo: socket.descriptor.number)
    }

    private func connect(
        _ streams: OpenStreams,
        _ root: borrowing ConfinedDirectory,
        _ identity: ProcessSetup.Identity
    ) throws(RuntimeError) {
        guard hasTerminal else {
            return try streams.place(for: identity.user, group: identity.group, in: root)
        }
        do {
            let console = try Console.make(
                in: root,
                size: setup.process.consoleSize,
                user: identity.user,
                isContainerConsole: false,
                takesControl: false
            )
            try socket.send([ChildMessage.created], with: console)
        } catch {
            throw .refused(.terminal, error)
        }
    }
}
