public import Linux
import OCI
import SystemPackage

/// A process for a running container that does not execute its program yet.
///
/// A creator sets everything up outside the container's PID namespace and then creates the process
/// there. Both are killed and reaped when this value is destroyed before `start` has returned the
/// process.
public struct PendingExec: ~Copyable {
    private var creator: ProcessHandle?
    private var sibling: StartedSibling
    private let socket: MessageSocket
    /// The process's own control group, if one was requested.
    private let group: Cgroup?
    private var console: Descriptor?
    private var isStarted = false

    init(
        _ creator: consuming ProcessHandle,
        sibling: consuming StartedSibling,
        socket: consuming MessageSocket,
        group: Cgroup?
    ) {
        self.creator = consume creator
        self.sibling = sibling
        self.socket = socket
        self.group = group
    }

    /// Readable when `advance` need not wait.
    public var descriptor: Int32 { socket.descriptor.number }

    /// Waits for the next message; returns whether the process executes its program.
    ///
    /// Throws the reason why it does not.
    public mutating func advance() throws(RuntimeError) -> Bool {
        guard var message = try RuntimeError.during(.wait, socket.receive()) else {
            // Closed by the creator's exit and the process's execve(2) or exit.
            if let refusal = sibling.refusal { throw refusal }
            guard sibling.hasProcess else { throw .ended(.execute) }
            isStarted = true
            return true
        }
        if let report = StarterProgram.Report(message.bytes) {
            try sibling.take(report)
            return false
        }
        let text = Array(message.bytes.dropFirst())
        switch message.bytes.first {
        case ChildMessage.created: console = message.takeFile()
        case ChildMessage.fault: sibling.note(RuntimeError(decoding: text))
        case ChildMessage.failed: throw RuntimeError(decoding: text) ?? .ended(.execute)
        default: throw .ended(.execute)
        }
        return false
    }

    /// Takes the primary side of the terminal; nil without one and on every further call.
    public mutating func takeConsole() -> Descriptor? { console.take() }

    /// Returns the process once it executes its program.
    ///
    /// Throws the reason of execve(2) when the program could not be executed.
    public consuming func start() throws(RuntimeError) -> StartedProcess {
        while !isStarted { isStarted = try advance() }
        guard let started = sibling.takeProcess() else { throw .ended(.execute) }
        // It has closed its descriptors and exits now.
        if let creator = creator.take() { _ = try? creator.wait() }
        return StartedProcess(started, group: group, console: console.take())
    }

    deinit {
        guard !isStarted else { return }
        // It may have exited already; in every case it is reaped.
        if let creator {
            try? creator.send(.kill)
            _ = try? creator.wait()
            sibling.endUnreported(in: socket, by: creator.pid)
        }
        // Otherwise the group is removed with the container.
        try? group?.remove()
    }
}

/// A process that executes its program, and its terminal if it has one.
public struct StartedProcess: ~Copyable {
    public let process: ProcessHandle
    /// The process's own control group, if one was requested.
    public let group: Cgroup?
    private var console: Descriptor?

    init(
        _ process: consuming ProcessHandle,
        group: Cgroup?,
        console: consuming Descriptor?
    ) {
        self.process = process
        self.group = group
        self.console = console
    }

    /// Takes the primary side of the terminal; nil without one and on every further call.
    public mutating func takeConsole() -> Descriptor? { console.take() }

    /// Consumes this value and returns the process.
    public consuming func takeProcess() -> ProcessHandle { process }
}
