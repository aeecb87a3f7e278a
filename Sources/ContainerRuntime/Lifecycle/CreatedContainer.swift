public import Linux
import OCI
import SystemPackage

/// A container whose process is set up and waits to become its program.
///
/// Ended and removed with its control group when this value goes without `start`.
public struct CreatedContainer: ~Copyable {
    private let process: UnstartedProcess
    private var console: Descriptor?

    init(_ process: consuming UnstartedProcess, console: consuming Descriptor?) {
        self.process = process
        self.console = console
    }

    /// Where the container's processes are counted and limited.
    public var cgroup: Cgroup { process.cgroup }

    /// The process's pid on the host.
    public var pid: Int32 { process.pid }

    /// The terminal's near side, once; nil when the specification wants none.
    public mutating func takeConsole() -> Descriptor? { console.take() }

    /// The container's network namespace, for interfaces to be put in before `start`.
    public func networkNamespace() throws(RuntimeError) -> Descriptor {
        try process.networkNamespace()
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

    /// Lets the process become its program; returns once it has.
    ///
    /// Throws with the reason of execve(2) when it could not.
    public consuming func start() throws(RuntimeError) -> ProcessHandle {
        try letGo().finish()
    }

    /// Lets the process become its program and does not wait until it has.
    public consuming func letGo() throws(RuntimeError) -> ContainerStart {
        try process.send([ChildMessage.start], doing: .execute)
        return ContainerStart(process)
    }
}

/// A container whose process is becoming its program.
///
/// Ended and removed with its control group when this value goes without `finish`.
public struct ContainerStart: ~Copyable {
    private let process: UnstartedProcess

    init(_ process: consuming UnstartedProcess) { self.process = process }

    /// Readable once `isDone` and, when that is true, `finish` need not wait.
    public var descriptor: Int32 { process.descriptor }

    /// Hears what the process tells, waiting for it: false when it has some way to go.
    ///
    /// Throws what has kept the process from becoming its program.
    public func isDone() throws(RuntimeError) -> Bool {
        guard let message = try process.receive() else { return true }
        switch message.bytes.first {
        case ChildMessage.separated, ChildMessage.created: return false
        default: throw .ended(.execute)
        }
    }

    /// The process, once it is the container's program.
    ///
    /// Throws with the reason of execve(2) when it could not become that.
    public consuming func finish() throws(RuntimeError) -> ProcessHandle {
        // Only execve closes the connection without a word.
        while try !isDone() {}
        return process.takeHandle()
    }
}
