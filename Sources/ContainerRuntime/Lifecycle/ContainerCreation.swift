public import Linux
import OCI
import SystemPackage

/// A container whose process sets itself up.
///
/// Ended and removed with its control group when this value goes without `finish` or `letGo`.
public struct ContainerCreation: ~Copyable {
    private let process: UnstartedProcess
    private var hasNamespaces = false
    private var isSetUp = false
    private var console: Descriptor?

    /// Makes the version 1 groups and hands over the filter, while the process mounts.
    init(
        _ process: consuming UnstartedProcess,
        _ linux: RuntimeSpecification.Linux,
        groupAttributes: MountAttributes?
    ) throws(RuntimeError) {
        let cgroup = process.cgroup
        try cgroup.createV1(linux.resources)
        let files = try cgroup.openTasks(linux.resources)
        var message = [ChildMessage.prepared, UInt8(files.numbers.count)]
        if let groupAttributes {
            files.append(try cgroup.views(for: linux.resources, groupAttributes))
        }
        if let seccomp = linux.seccomp { message += try SeccompCache.filter(seccomp).program }
        try process.sendUnlessGone(message, with: files, doing: .clone)
        self.process = process
    }

    /// How far the process has come.
    public enum Progress: Sendable {
        /// It is in its namespaces, and interfaces can be put there.
        case inNamespaces
        /// It is set up, and `finish` need not wait.
        case isSetUp
    }

    /// Readable once `progress` need not wait.
    public var descriptor: Int32 { process.descriptor }

    /// The process's pid on the host.
    public var pid: Int32 { process.pid }

    /// Hears how far the process has come, waiting for its next word.
    ///
    /// Throws what has kept it from coming further.
    public mutating func progress() throws(RuntimeError) -> Progress {
        guard var message = try process.receive() else { throw .ended(.clone) }
        switch message.bytes.first {
        case ChildMessage.separated:
            hasNamespaces = true
            return .inNamespaces
        case ChildMessage.created:
            isSetUp = true
            console = message.takeFile()
            return .isSetUp
        default: throw .ended(.clone)
        }
    }

    /// The container's network namespace, for interfaces to be put in; waits until the process is
    /// there.
    public mutating func networkNamespace() throws(RuntimeError) -> Descriptor {
        while !hasNamespaces { _ = try progress() }
        return try process.networkNamespace()
    }

    /// Lets the process become its program as soon as it is set up.
    ///
    /// For a container without a terminal, whose near side only comes with `finish`.
    public consuming func letGo() throws(RuntimeError) -> ContainerStart {
        try process.sendUnlessGone([ChildMessage.start], doing: .execute)
        return ContainerStart(process)
    }

    /// The container, once its process is set up.
    ///
    /// Throws what has kept the process from it.
    public consuming func finish() throws(RuntimeError) -> CreatedContainer {
        while !isSetUp { _ = try progress() }
        return CreatedContainer(process, console: console)
    }
}

/// The process of a container, until it is the container's program.
struct UnstartedProcess: ~Copyable {
    private var handle: ProcessHandle?
    private let socket: MessageSocket
    let cgroup: Cgroup
    let pid: Int32

    init(_ process: consuming ProcessHandle, socket: consuming MessageSocket, cgroup: Cgroup) {
        pid = process.pid
        handle = consume process
        self.socket = socket
        self.cgroup = cgroup
    }

    var descriptor: Int32 { socket.descriptor.number }

    func networkNamespace() throws(RuntimeError) -> Descriptor {
        try attempt(.network) { () throws(SystemCallError) in
            try Descriptor.open(FilePath("/proc/\(pid)/ns/net"))
        }
    }

    func send(_ message: [UInt8], doing step: RuntimeError.Step) throws(RuntimeError) {
        try attempt(step) { () throws(SystemCallError) in try socket.send(message) }
    }

    /// A child that has failed already has said why, and is heard with the next message.
    func sendUnlessGone(
        _ message: [UInt8],
        with files: DescriptorList = DescriptorList(),
        doing step: RuntimeError.Step
    ) throws(RuntimeError) {
        do throws(SystemCallError) {
            try socket.send(message, with: files)
        } catch {
            guard error.reason == .brokenPipe else { throw RuntimeError.refused(step, error) }
        }
    }

    /// The child's next message, waiting for it; nil when the connection is closed.
    func receive() throws(RuntimeError) -> MessageSocket.Message? {
        let message = try attempt(.wait) { () throws(SystemCallError) in try socket.receive() }
        guard let message else { return nil }
        if message.bytes.first == ChildMessage.failed {
            throw RuntimeError(decoding: Array(message.bytes.dropFirst())) ?? .ended(.clone)
        }
        return message
    }

    /// The process is left alone from here on.
    consuming func takeHandle() -> ProcessHandle {
        guard let handle = handle.take() else {
            preconditionFailure("a process is handed out once, by a call that consumes it")
        }
        return handle
    }

    deinit {
        guard let handle else { return }
        // It may have ended by itself; in every case it is reaped and leaves an empty group.
        try? handle.send(.kill)
        _ = try? handle.wait()
        try? cgroup.remove()
    }
}
