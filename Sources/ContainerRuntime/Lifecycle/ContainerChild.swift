import Linux
import OCI
import SystemPackage

/// The new process of a container, from clone to execve.
///
/// Created before the clone, in the parent, which prepares all that does not depend on the child.
final class ContainerChild {
    private let specification: RuntimeSpecification
    private let linux: RuntimeSpecification.Linux
    /// The new namespaces that the process creates for itself.
    private let namespaces: Namespaces
    private let files: RootFilesystem
    private(set) var setup: ProcessSetup
    /// The PID namespace to join, such as `/proc/PID/ns/pid`; nil for one of its own or the host's.
    let joinedProcesses: FilePath?
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
        let joined = linux.namespaces?.first { $0.type == .pid }?.path
        joinedProcesses = joined.map { FilePath($0) }
        let starter = StarterProgram.Options(
            hasTerminal: specification.process?.terminal == true,
            endsWithParent: options.endsWithParent
        )
        setup = try ProcessSetup(
            specification,
            extensions: files.extensions,
            starter: joined == nil ? nil : starter
        )
    }

    /// The attributes of the group mounts that the parent makes; nil if it makes none.
    var groupAttributes: MountAttributes? { files.groupAttributes }

    /// Becomes the container's program; on failure reports the error to the parent and exits.
    func run() -> Never {
        do throws(RuntimeError) {
            try becomeContainer()
        } catch {
            // The parent may have exited.
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
            // Set again, because the kernel clears it when a process changes its user.
            try RuntimeError.during(.clone, CurrentProcess.setParentDeathSignal(.kill))
        }
        guard joinedProcesses != nil else { try setup.becomeProgram(identity) }
        try setup.startProgram(identity, reportingTo: socket.descriptor.number)
    }

    private func leaveParent() throws(RuntimeError) -> OpenStreams {
        try RuntimeError.during(.clone, CurrentProcess.setName(PendingContainer.processName))
        if options.endsWithParent {
            try RuntimeError.during(.clone, CurrentProcess.setParentDeathSignal(.kill))
        }
        return try setup.leaveParent(streams, keeping: [socket.descriptor.number])
    }

    /// Enters all namespaces except the PID namespace, which a process cannot change for itself,
    /// and the cgroup namespace, whose root is the group that the process is in at that moment.
    ///
    /// Creating a network namespace dominates clone(2); doing it here leaves the parent free.
    private func enterNamespaces() throws(RuntimeError) {
        try joinNamespaces()
        try RuntimeError.during(.namespaces, namespaces.unshare())
        try RuntimeError.during(.clone, socket.send([ChildMessage.separated]))
    }

    private func joinNamespaces() throws(RuntimeError) {
        // Only later children become members of a PID namespace: until then, the processes of
        // another container see nothing of this one.
        for namespace in linux.namespaces ?? [] {
            guard let path = namespace.path, let kind = Namespaces(namespace.type) else { continue }
            try RuntimeError.during(.namespaces, path, kind.join(.open(FilePath(path))))
        }
    }

    /// Waits until the parent has created the groups, enters them, and makes them the root of the
    /// cgroup namespace.
    private func enterCgroup() throws(RuntimeError) {
        guard !hasEnteredCgroup else { return }
        hasEnteredCgroup = true
        let received = try RuntimeError.during(.cgroup, socket.receive())
        guard var message = received, message.bytes.first == ChildMessage.prepared else {
            CurrentProcess.end(125)
        }
        if message.bytes.count > 2 {
            setup.filter = SeccompFilter(program: Array(message.bytes.dropFirst(2)))
        }
        files.groupViews = message.files
        for _ in 0..<(message.bytes.dropFirst().first ?? 0) {
            guard let group = message.takeFile() else { break }
            try RuntimeError.during(
                .cgroup,
                "tasks of \(cgroup.path)",
                group.write([UInt8(ascii: "0")])
            )
        }
        if linux.namespaces?.contains(where: { $0.type == .cgroup && $0.path == nil }) == true {
            try RuntimeError.during(.namespaces, Namespaces.cgroup.unshare())
        }
    }

    private func nameHost() throws(RuntimeError) {
        let namespaces = linux.namespaces ?? []
        if let name = specification.hostname {
            try RuntimeError.during(.names, CurrentProcess.setHostName(name))
        }
        if let name = specification.domainname {
            try RuntimeError.during(.names, CurrentProcess.setDomainName(name))
        }
        if namespaces.contains(where: { $0.type == .network && $0.path == nil }) {
            try RuntimeError.during(.network, CurrentProcess.bringUp(interface: "lo"))
        }
    }

    /// Sets up everything that depends on the user, and reports that the container is created.
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
            try RuntimeError.during(.clone, socket.send([ChildMessage.created], with: console))
        } else {
            try files.withRoot { (root) throws(RuntimeError) in
                try streams.place(for: identity.user, group: identity.group, in: root)
            }
            try makeReadOnly()
            // A process that has been released already skips the message.
            if try !RuntimeError.during(.clone, socket.hasMessage()) {
                try RuntimeError.during(.clone, socket.send([ChildMessage.created]))
            }
        }
        return identity
    }

    /// Makes paths read-only, which is last because the steps before create files there.
    private func makeReadOnly() throws(RuntimeError) {
        try files.makeReadOnly(linux.readonlyPaths ?? [])
        if specification.root?.readonly == true { try files.makeRootReadOnly() }
    }

    private func makeConsole(for identity: ProcessSetup.Identity) throws(RuntimeError) -> Descriptor
    {
        try files.withRoot { (root) throws(RuntimeError) in
            try RuntimeError.during(
                .terminal,
                Console.make(
                    in: root,
                    size: specification.process?.consoleSize,
                    user: identity.user,
                    isContainerConsole: true,
                    takesControl: joinedProcesses == nil
                )
            )
        }
    }

    private func waitForStart() throws(RuntimeError) {
        let message = try RuntimeError.during(.wait, socket.receive())
        // The parent has exited or has dropped the container.
        guard let message, message.bytes == [ChildMessage.start] else { CurrentProcess.end(125) }
        // The message may be old: the parent, which supervises the container, may have exited since.
        let hasEnded = try RuntimeError.during(.wait, socket.hasMessage())
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
