import FoundationEssentials
public import Linux
public import OCI
public import SystemPackage

/// A process to start in a running container, as a file.
///
/// A program with several threads hands it to `runtime exec`, which has one.
public struct ExecSpecification: Codable, Sendable, Equatable {
    /// Any process of the container.
    public var pid: Int32
    /// When that process started, which distinguishes it from a later process with the same pid.
    public var startTime: UInt64
    /// The container's specification with the process to start.
    public var specification: RuntimeSpecification

    public init(pid: Int32, startTime: UInt64, specification: RuntimeSpecification) {
        self.pid = pid
        self.startTime = startTime
        self.specification = specification
    }

    /// Reads a file that `write` wrote.
    public init(reading path: FilePath) throws(RuntimeError) {
        let bytes = try RuntimeError.during(.readBundle, FileSystem.read(path))
        do {
            self = try JSONDecoder().decode(ExecSpecification.self, from: Data(bytes))
        } catch {
            throw .invalid(
                field: "exec",
                value: path.string,
                expected: "a process to start (\(error))"
            )
        }
    }

    /// Writes the file with mode 0600, because an environment may hold secrets.
    public func write(to path: FilePath) throws(RuntimeError) {
        let bytes: [UInt8]
        do {
            bytes = try Array(JSONEncoder().encode(self))
        } catch {
            throw .invalid(
                field: "exec",
                value: "\(pid)",
                expected: "a process to start (\(error))"
            )
        }
        try RuntimeError.during(.readBundle, AtomicFile.write(bytes, to: path, mode: 0o600))
    }
}

extension Foreground {
    /// Starts the process with the caller's streams, and waits until it exits.
    public static func exec(_ exec: ExecSpecification) throws(RuntimeError) -> ExitStatus {
        let (loop, signals) = try RuntimeError.during(
            .wait,
            (EventLoop(), SignalReader(forwarded))
        )
        let container = try RuntimeError.during(
            .namespaces,
            ProcessHandle.reopening(pid: exec.pid, startTime: exec.startTime)
        )
        guard let container else { throw .ended(.namespaces) }
        let request = Exec.Request(
            exec.specification,
            streams: .inherited,
            endsWithParent: true
        )
        var started = try Exec.start(request, in: container)
        let console = started.takeConsole()
        return try wait(for: started.takeProcess(), console, signals, loop)
    }
}
