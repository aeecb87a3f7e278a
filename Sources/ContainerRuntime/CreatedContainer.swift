public import Linux
import OCI
import SystemPackage

/// A container whose process is set up and waits to become its program.
///
/// Ended and removed with its control group when this value goes without `start`.
public struct CreatedContainer: ~Copyable {
    private var handle: ProcessHandle?
    private let socket: MessageSocket
    private var console: Descriptor?
    /// Where the container's processes are counted and limited.
    public let cgroup: Cgroup
    /// The process's pid on the host.
    public let pid: Int32

    init(process: consuming ProcessHandle, socket: consuming MessageSocket, cgroup: Cgroup) {
        pid = process.pid
        handle = consume process
        self.socket = socket
        self.cgroup = cgroup
    }

    /// The terminal's near side, once; nil when the specification wants none.
    public mutating func takeConsole() -> Descriptor? { console.take() }

    /// The container's network namespace, for interfaces to be put in before `start`.
    public func networkNamespace() throws(RuntimeError) -> Descriptor {
        try attempt(.network) { () throws(SystemCallError) in
            try Descriptor.open(FilePath("/proc/\(pid)/ns/net"))
        }
    }

    /// What a process is called until it becomes its program, or its program's init.
    static let waitingName = "(created)"

    /// True while process `pid` has not become a container's program: one that outlived its
    /// maker ends by itself a moment later.
    ///
    /// A program may take the same name, and then only harms itself.
    public static func isWaiting(pid: Int32) -> Bool {
        // One that is gone waits for nothing.
        let name = try? FileSystem.readText(FilePath("/proc/\(pid)/comm"))
        return name == waitingName + "\n"
    }

    /// Makes the version 1 groups while the child mounts, and waits until it is set up.
    mutating func prepare(_ linux: RuntimeSpecification.Linux) throws(RuntimeError) {
        try cgroup.createV1(linux.resources)
        var message = [ChildMessage.prepared]
        if let seccomp = linux.seccomp { message += try SeccompCache.filter(seccomp).program }
        do throws(SystemCallError) {
            try socket.send(message)
        } catch {
            // The child has failed already, and has said why.
            guard error.reason == .brokenPipe else { throw RuntimeError.refused(.clone, error) }
        }
        let answer = try receive()
        guard var answer else { throw .ended(.clone) }
        console = answer.takeFile()
    }

    /// Lets the process become its program; returns once it has.
    ///
    /// Throws with the reason of execve(2) when it could not.
    public consuming func start() throws(RuntimeError) -> ProcessHandle {
        try attempt(.execute) { () throws(SystemCallError) in
            try socket.send([ChildMessage.start])
        }
        guard try receive() == nil, let process = handle.take() else { throw .ended(.execute) }
        return process
    }

    /// The child's next message; nil when execve has closed the connection.
    private func receive() throws(RuntimeError) -> MessageSocket.Message? {
        let message = try attempt(.wait) { () throws(SystemCallError) in try socket.receive() }
        guard let message else { return nil }
        if message.bytes.first == ChildMessage.failed {
            throw RuntimeError(decoding: Array(message.bytes.dropFirst())) ?? .ended(.clone)
        }
        return message
    }

    deinit {
        guard let handle else { return }
        // It may have ended by itself; in every case it is reaped and leaves an empty group.
        try? handle.send(.kill)
        _ = try? handle.wait()
        try? cgroup.remove()
    }
}
