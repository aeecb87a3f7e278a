public import Linux
import OCI
import SystemPackage

/// A container whose process has been cloned and does not run its program yet.
///
/// The process is killed and reaped, and the control group removed, when this value is destroyed
/// before `start` has returned the process.
public struct PendingContainer: ~Copyable {
    /// The stage that the process has reached, in the order of the stages.
    public enum State: Sendable {
        /// Entering its namespaces.
        case cloned
        /// In its namespaces; interfaces can be moved into its network namespace.
        case inNamespaces
        /// Set up, and waiting for `release`. A process released earlier may skip this state.
        case created
        /// Executing the container's program.
        case started
    }

    public private(set) var state = State.cloned
    /// The pid on the host of the process that sets itself up.
    ///
    /// It executes the program itself, unless the container joins another one's PID namespace.
    public let pid: Int32
    /// Counts and limits the container's processes.
    public let cgroup: Cgroup
    private var isReleased = false
    private var process: ProcessHandle?
    /// The program in a PID namespace that the container joins.
    private var sibling: StartedSibling?
    private let socket: MessageSocket
    private var console: Descriptor?

    init(
        _ process: consuming ProcessHandle,
        sibling: consuming StartedSibling?,
        socket: consuming MessageSocket,
        cgroup: Cgroup
    ) {
        pid = process.pid
        self.process = consume process
        self.sibling = sibling
        self.socket = socket
        self.cgroup = cgroup
    }

    /// Makes the version 1 groups and sends the filter, while the process mounts.
    func prepare(
        _ linux: RuntimeSpecification.Linux,
        groupAttributes: MountAttributes?
    ) throws(RuntimeError) {
        try cgroup.createV1(linux.resources)
        let files = try cgroup.openTasks(linux.resources)
        var message = [ChildMessage.prepared, UInt8(files.numbers.count)]
        if let groupAttributes {
            files.append(try cgroup.views(for: linux.resources, groupAttributes))
        }
        if let seccomp = linux.seccomp { message += try SeccompCache.filter(seccomp).program }
        _ = try send(message, with: files, during: .clone)
    }

    /// Readable when `advance` need not wait.
    public var descriptor: Int32 { socket.descriptor.number }

    /// Waits for the process's next message and returns the state that it has newly reached, if any.
    ///
    /// Throws the process's own reason when it failed; for execve(2), the reason of the kernel.
    @discardableResult
    public mutating func advance() throws(RuntimeError) -> State? {
        let step: RuntimeError.Step = isReleased ? .execute : .clone
        guard var message = try RuntimeError.during(.wait, socket.receive()) else {
            // Only execve closes the connection of a released process without a message.
            guard isReleased else { throw .ended(step) }
            if let refusal = sibling?.refusal { throw refusal }
            if sibling?.hasProcess == false { throw .ended(step) }
            state = .started
            return state
        }
        if let report = StarterProgram.Report(message.bytes) {
            try sibling?.take(report)
            return nil
        }
        let text = Array(message.bytes.dropFirst())
        switch message.bytes.first {
        case ChildMessage.separated: state = .inNamespaces
        case ChildMessage.created:
            state = .created
            console = message.takeFile()
        case ChildMessage.fault:
            sibling?.note(RuntimeError(decoding: text))
            return nil
        case ChildMessage.failed: throw RuntimeError(decoding: text) ?? .ended(step)
        default: throw .ended(step)
        }
        return state
    }

    /// Opens the container's network namespace; waits until the process is in it.
    public mutating func networkNamespace() throws(RuntimeError) -> Descriptor {
        while state == .cloned { try advance() }
        do {
            return try Descriptor.open(FilePath("/proc/\(pid)/ns/net"))
        } catch {
            throw reportedReason() ?? .refused(.network, error)
        }
    }

    /// Returns the reason that the process has reported, if it has failed; nil otherwise.
    ///
    /// For a caller whose own step has failed, which often happens only because the process exited.
    public mutating func reportedReason() -> RuntimeError? {
        do throws(RuntimeError) {
            while state != .started, try RuntimeError.during(.wait, socket.hasMessage()) {
                try advance()
            }
            return nil
        } catch {
            if case .ended = error { return nil }
            return error
        }
    }

    /// Takes the primary side of the container's terminal, waiting until the process is set up.
    ///
    /// Returns nil when the specification asks for no terminal, and on every further call.
    public mutating func takeConsole() throws(RuntimeError) -> Descriptor? {
        while state != .created && !isReleased { try advance() }
        return console.take()
    }

    /// Permits the process to execute its program as soon as it is set up; does not wait.
    ///
    /// A container with a terminal is released after `takeConsole`.
    public mutating func release() throws(RuntimeError) {
        isReleased = try send([ChildMessage.start], during: .execute)
    }

    /// Returns the process once it executes the container's program; releases it when necessary.
    ///
    /// Throws the reason of execve(2) when the program could not be executed.
    public consuming func start() throws(RuntimeError) -> ProcessHandle {
        if !isReleased { try release() }
        while state != .started { try advance() }
        guard let started = process.take() else {
            preconditionFailure("the handle is taken once, by a call that consumes its owner")
        }
        guard sibling != nil else { return started }
        // It has closed its descriptors and exits now.
        _ = try? started.wait()
        guard let program = sibling?.takeProcess() else { throw .ended(.execute) }
        return program
    }

    /// Returns false when the process has closed its side, having sent its reason first.
    private func send(
        _ message: [UInt8],
        with files: DescriptorList = DescriptorList(),
        during step: RuntimeError.Step
    ) throws(RuntimeError) -> Bool {
        do throws(SystemCallError) {
            try socket.send(message, with: files)
            return true
        } catch {
            guard [.brokenPipe, .connectionReset].contains(error.reason) else {
                throw .refused(step, error)
            }
            return false
        }
    }

    deinit {
        guard let process else { return }
        // It may have exited already; in every case it is reaped and leaves an empty group.
        try? process.send(.kill)
        _ = try? process.wait()
        sibling?.endUnreported(in: socket, by: process.pid)
        try? cgroup.remove()
    }
}

extension PendingContainer {
    /// The name (comm) of the process until it executes its program or the program's init.
    static let processName = "(created)"

    /// Whether process `pid` has not executed a container's program yet: if its creator has
    /// exited, it exits too, a moment later.
    ///
    /// A program that takes the same name only affects its own container.
    public static func isPending(pid: Int32) -> Bool {
        // A process that has exited is not pending.
        let name = try? FileSystem.readText(FilePath("/proc/\(pid)/comm"))
        return name == processName + "\n"
    }
}
