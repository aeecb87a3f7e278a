import Linux
import OCI
import SystemPackage

/// A program that a starter executes in the PID namespace of a container, as its reports describe.
///
/// The process is killed and reaped when this value is destroyed before `takeProcess`.
struct StartedSibling: ~Copyable {
    /// The inode of the container's PID namespace.
    private let namespace: UInt64
    private let program: String
    private let paths: [String]
    /// The reason to report when the program cannot be executed, found before by reading it.
    private var fault: RuntimeError?
    private var process: ProcessHandle?
    private(set) var refusal: RuntimeError?

    /// `namespace` is the path of the PID namespace, such as `/proc/PID/ns/pid`.
    init(_ setup: ProcessSetup, namespace path: FilePath) throws(RuntimeError) {
        namespace = try RuntimeError.during(.namespaces, FileSystem.status(of: path).inode)
        program = setup.process.args?.first ?? ""
        paths = setup.paths
    }

    var hasProcess: Bool { process != nil }

    mutating func take(_ report: StarterProgram.Report) throws(RuntimeError) {
        switch report {
        case .created(let pid):
            guard try isMember(pid) else { throw .ended(.execute) }
            process = try RuntimeError.during(.execute, ProcessHandle(pid: pid))
        case .notCreated(let reason):
            throw .refused(
                .execute,
                SystemCallError(call: "clone", subject: program, reason: reason)
            )
        case .notExecuted(let reason, let index):
            let path = paths.indices.contains(index) ? paths[index] : program
            let isSearched = [.noSuchFileOrDirectory, .permissionDenied].contains(reason)
            refusal = fault ?? ProcessSetup.refusal(of: isSearched ? program : path, reason)
        }
    }

    mutating func note(_ fault: RuntimeError?) { self.fault = fault }

    /// Whether `pid` is a child of this process in the container's PID namespace. A process that
    /// traces the new one could forge a report with any other pid.
    private func isMember(_ pid: Int32) throws(RuntimeError) -> Bool {
        let fields = try RuntimeError.during(.execute, ProcessTable.statusFields(of: pid))
        let parent = fields.first { $0.0 == "PPid" }?.1
        let path = FilePath("/proc/\(pid)/ns/pid")
        let inode = try RuntimeError.during(.execute, FileSystem.status(of: path).inode)
        return parent == "\(CurrentProcess.pid)" && inode == namespace
    }

    mutating func takeProcess() -> ProcessHandle? { process.take() }

    /// Kills and reaps a process that `creator`, which has been reaped, has not reported, or whose
    /// report still waits in `socket`.
    ///
    /// An unreaped process would keep the container's first process from ever exiting. Source:
    /// pid_namespaces(7).
    borrowing func endUnreported(in socket: borrowing MessageSocket, by creator: Int32) {
        guard process == nil else { return }
        do throws(SystemCallError) {
            while try socket.hasMessage(), let message = try socket.receive() {
                guard case .created(let pid)? = StarterProgram.Report(message.bytes) else {
                    continue
                }
                // A forged report names another process.
                guard (try? isMember(pid)) == true else { continue }
                let process = try ProcessHandle(pid: pid)
                try process.send(.kill)
                _ = try process.wait()
            }
        } catch {
            // Reaped already, or never created.
        }
        // Without a report it is still in the group of its creator, which leads a session.
        ProcessGroup.endChildren(in: creator)
    }

    deinit {
        guard let process else { return }
        // It may have exited already; in every case it is reaped.
        try? process.send(.kill)
        _ = try? process.wait()
    }
}
