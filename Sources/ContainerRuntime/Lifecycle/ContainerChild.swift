import Linux
import OCI
import SystemPackage

/// The messages between the two sides of a clone, by their first byte.
enum ChildMessage {
    /// Parent to child: the control group is there. A count follows and the system call filter;
    /// as many files to write 0 to come along for the version 1 groups, and then their views.
    static let prepared = UInt8(ascii: "p")
    /// Child to parent: the namespaces are what they are to be, but for the control groups'.
    static let separated = UInt8(ascii: "n")
    /// Child to parent: everything is set up; a terminal comes along if there is one.
    static let created = UInt8(ascii: "c")
    /// Parent to child: become the program.
    static let start = UInt8(ascii: "s")
    /// Child to parent: an encoded error follows, and the child ends.
    static let failed = UInt8(ascii: "e")
}

/// The new process of a container, from clone to execve.
///
/// Made by its parent, which works out what can be known before the clone.
final class ContainerChild {
    private let specification: RuntimeSpecification
    private let linux: RuntimeSpecification.Linux
    /// Those that it makes for itself.
    private let namespaces: Namespaces
    private let files: RootFilesystem
    private var setup: ProcessSetup
    private let streams: StandardStreams
    private let cgroup: Cgroup
    private let socket: MessageSocket
    private let options: Container.Options
    private var hasEnteredCgroup = false

    init(
        _ bundle: Bundle,
        streams: StandardStreams,
        cgroup: Cgroup,
        socket: consuming MessageSocket,
        options: Container.Options
    ) throws(RuntimeError) {
        specification = bundle.specification
        linux = specification.linux ?? .init()
        let new = linux.namespaces?.filter { $0.path == nil } ?? []
        namespaces = Namespaces(new.compactMap { Namespaces($0.type) }).subtracting([.pid, .cgroup])
        self.streams = streams
        self.cgroup = cgroup
        self.socket = socket
        self.options = options
        files = RootFilesystem(
            bundle,
            hierarchy: cgroup.hierarchy,
            network: FilePath("/proc/\(CurrentProcess.pid)/ns/net")
        )
        setup = try ProcessSetup(
            process: specification.process ?? .init(args: []),
            extensions: files.extensions,
            logsRefusedCalls: linux.seccomp?.flags?.contains("SECCOMP_FILTER_FLAG_LOG") == true
        )
    }

    /// How the parent is to make the views of the control groups; nil when it need not.
    var groupAttributes: MountAttributes? { files.groupAttributes }

    /// Does everything; on failure tells the parent and ends.
    func run() -> Never {
        do throws(RuntimeError) {
            try becomeContainer()
        } catch {
            // A parent that has gone is told nothing.
            try? socket.send([ChildMessage.failed] + error.encoded)
            CurrentProcess.end(125)
        }
    }

    private func becomeContainer() throws(RuntimeError) -> Never {
        let streams = try leaveParent()
        try enterNamespaces()
        try files.mountAll { () throws(RuntimeError) in try enterCgroup() }
        try enterCgroup()
        try files.makeDevices(linux.devices ?? [])
        try files.enter()
        try nameHost()
        try files.writeParameters()
        try files.mask(linux.maskedPaths ?? [])
        let identity = try prepare(streams)
        try waitForStart()
        if options.endsWithParent {
            // Set again: the kernel forgets it when a process becomes another user.
            try attempt(.clone) { () throws(SystemCallError) in
                try CurrentProcess.setParentDeathSignal(.kill)
            }
        }
        try setup.becomeProgram(identity)
    }

    /// Keeps nothing of the parent but the socket and the streams.
    private func leaveParent() throws(RuntimeError) -> OpenStreams {
        try attempt(.clone) { () throws(SystemCallError) in
            // Whoever shares a namespace that we join must not read the parent's memory in us.
            try CurrentProcess.setDumpable(false)
            try CurrentProcess.setName(PendingContainer.processName)
            try CurrentProcess.startSession()
        }
        if options.endsWithParent {
            try attempt(.clone) { () throws(SystemCallError) in
                try CurrentProcess.setParentDeathSignal(.kill)
            }
        }
        if let adjustment = specification.process?.oomScoreAdj {
            try attempt(.limits, "oom_score_adj \(adjustment)") { () throws(SystemCallError) in
                try FileSystem.write("\(adjustment)", into: "/proc/self/oom_score_adj")
            }
        }
        try AppArmor.confine(to: specification.process?.apparmorProfile)
        let opened = try OpenStreams(streams)
        let kept = opened.numbers + [socket.descriptor.number, 0, 1, 2]
        try attempt(.streams) { () throws(SystemCallError) in
            try CurrentProcess.closeDescriptors(except: kept)
        }
        CurrentProcess.setUmask(0)
        return opened
    }

    /// All but the process namespace, which a process cannot change for itself, and that of the
    /// control groups, whose root is where the process is then.
    ///
    /// A new network takes longer than all else of a clone, and the parent has others to start.
    private func enterNamespaces() throws(RuntimeError) {
        try joinNamespaces()
        try attempt(.namespaces) { () throws(SystemCallError) in try namespaces.unshare() }
        try attempt(.clone) { () throws(SystemCallError) in
            try socket.send([ChildMessage.separated])
        }
    }

    private func joinNamespaces() throws(RuntimeError) {
        for namespace in linux.namespaces ?? [] where namespace.type != .pid {
            guard let path = namespace.path, let kind = Namespaces(namespace.type) else { continue }
            try attempt(.namespaces, path) { () throws(SystemCallError) in
                try kind.join(.open(FilePath(path)))
            }
        }
    }

    /// Waits until the parent has made the groups, goes there, and calls that the root.
    private func enterCgroup() throws(RuntimeError) {
        guard !hasEnteredCgroup else { return }
        hasEnteredCgroup = true
        let received = try attempt(.cgroup) { () throws(SystemCallError) in try socket.receive() }
        guard var message = received, message.bytes.first == ChildMessage.prepared else {
            CurrentProcess.end(125)
        }
        if message.bytes.count > 2 {
            setup.filter = SeccompFilter(program: Array(message.bytes.dropFirst(2)))
        }
        files.groupViews = message.files
        for _ in 0..<(message.bytes.dropFirst().first ?? 0) {
            guard let group = message.takeFile() else { break }
            try attempt(.cgroup, "tasks of \(cgroup.path)") { () throws(SystemCallError) in
                try group.write([UInt8(ascii: "0")])
            }
        }
        if linux.namespaces?.contains(where: { $0.type == .cgroup && $0.path == nil }) == true {
            try attempt(.namespaces) { () throws(SystemCallError) in
                try Namespaces.cgroup.unshare()
            }
        }
    }

    private func nameHost() throws(RuntimeError) {
        let namespaces = linux.namespaces ?? []
        try attempt(.names) { () throws(SystemCallError) in
            if let name = specification.hostname { try CurrentProcess.setHostName(name) }
            if let name = specification.domainname { try CurrentProcess.setDomainName(name) }
        }
        if namespaces.contains(where: { $0.type == .network && $0.path == nil }) {
            try attempt(.network) { () throws(SystemCallError) in
                try CurrentProcess.bringUp(interface: "lo")
            }
        }
    }

    /// Everything that depends on the user, up to the message that the container is created.
    private func prepare(_ streams: OpenStreams) throws(RuntimeError) -> ProcessSetup.Identity {
        let hasTerminal = specification.process?.terminal == true
        let identity = try files.withRoot { (root) throws(RuntimeError) in
            let identity = try setup.identity(in: root)
            try setup.enterWorkingDirectory(root)
            return identity
        }
        try setup.setLimits()
        if hasTerminal {
            let console = try makeConsole(for: identity)
            try makeReadOnly()
            try attempt(.clone) { () throws(SystemCallError) in
                try socket.send([ChildMessage.created], with: console)
            }
        } else {
            try files.withRoot { (root) throws(RuntimeError) in
                try streams.place(for: identity.user, group: identity.group, in: root)
            }
            try makeReadOnly()
            try attempt(.clone) { () throws(SystemCallError) in
                // Who has been let go already need not say that it could be.
                if try !socket.hasMessage() { try socket.send([ChildMessage.created]) }
            }
        }
        return identity
    }

    /// Last, because until now things had to be made there.
    private func makeReadOnly() throws(RuntimeError) {
        try files.makeReadOnly(linux.readonlyPaths ?? [])
        if specification.root?.readonly == true { try files.makeRootReadOnly() }
    }

    private func makeConsole(for identity: ProcessSetup.Identity) throws(RuntimeError) -> Descriptor
    {
        try files.withRoot { (root) throws(RuntimeError) in
            try attempt(.terminal) { () throws(SystemCallError) in
                try Console.make(
                    in: root,
                    size: specification.process?.consoleSize,
                    user: identity.user,
                    isContainerConsole: true
                )
            }
        }
    }

    private func waitForStart() throws(RuntimeError) {
        let message = try attempt(.wait) { () throws(SystemCallError) in try socket.receive() }
        // The parent has gone or does not want the container any more.
        guard let message, message.bytes == [ChildMessage.start] else { CurrentProcess.end(125) }
        // The word may be old: whoever looks after the container must still be there.
        let hasEnded = try attempt(.wait) { () throws(SystemCallError) in try socket.hasMessage() }
        if hasEnded { CurrentProcess.end(125) }
    }
}

extension Namespaces {
    init?(_ kind: RuntimeSpecification.Namespace.Kind) {
        switch kind {
        case .pid: self = .pid
        case .network: self = .network
        case .mount: self = .mount
        case .ipc: self = .ipc
        case .uts: self = .uts
        case .user: self = .user
        case .cgroup: self = .cgroup
        case .time: self = .time
        }
    }
}
