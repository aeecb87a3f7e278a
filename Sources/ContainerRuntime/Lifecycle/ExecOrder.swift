import FoundationEssentials
public import Linux
public import OCI
public import SystemPackage

/// An exec as a file, from a program with many threads to one that has but one.
public struct ExecOrder: Codable, Sendable, Equatable {
    /// Any process of the container.
    public var pid: Int32
    /// When that process started, so that no stranger with its pid is taken for it.
    public var startTime: UInt64
    public var process: RuntimeSpecification.Process
    /// The container's filter; nil for none.
    public var seccomp: RuntimeSpecification.Seccomp?
    /// `user[:group]`, looked up in the container.
    public var user: String?

    public init(
        pid: Int32,
        startTime: UInt64,
        process: RuntimeSpecification.Process,
        seccomp: RuntimeSpecification.Seccomp? = nil,
        user: String? = nil
    ) {
        self.pid = pid
        self.startTime = startTime
        self.process = process
        self.seccomp = seccomp
        self.user = user
    }

    /// Reads an order that `write` wrote.
    public init(reading path: FilePath) throws(RuntimeError) {
        let bytes = try attempt(.readBundle) { () throws(SystemCallError) in
            try FileSystem.read(path)
        }
        do {
            self = try JSONDecoder().decode(ExecOrder.self, from: Data(bytes))
        } catch {
            throw .invalid(field: "exec", value: path.string, expected: "an order (\(error))")
        }
    }

    /// Writes the order for its owner's eyes only: it carries an environment.
    public func write(to path: FilePath) throws(RuntimeError) {
        let bytes: [UInt8]
        do {
            bytes = try Array(JSONEncoder().encode(self))
        } catch {
            throw .invalid(field: "exec", value: "\(pid)", expected: "an order (\(error))")
        }
        try attempt(.readBundle) { () throws(SystemCallError) in
            try AtomicFile.write(bytes, to: path, mode: 0o600)
        }
    }
}

extension Foreground {
    /// Carries out an order with the caller's streams, and waits for the process's end.
    public static func exec(_ order: ExecOrder) throws(RuntimeError) -> ExitStatus {
        let (loop, signals) = try attempt(.wait) { () throws(SystemCallError) in
            (try EventLoop(), try SignalReader(forwarded))
        }
        let container = try attempt(.namespaces) { () throws(SystemCallError) in
            try ProcessHandle.reopening(pid: order.pid, startTime: order.startTime)
        }
        guard let container else { throw .ended(.namespaces) }
        let request = Exec.Request(
            order.process,
            seccomp: order.seccomp,
            user: order.user,
            streams: .inherited,
            endsWithParent: true
        )
        var started = try Exec.start(request, in: container)
        let console = started.takeConsole()
        return try wait(for: started.takeProcess(), console, signals, loop)
    }
}
