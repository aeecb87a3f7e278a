import Linux
import SystemPackage

/// The descriptors that the keeper holds of one container.
final class KeptContainer {
    private static let batch = 262_144

    private var fifos: [Shared<Descriptor>] = []
    private var console: Shared<Descriptor>?
    private(set) var process: KeptProcess?

    func add(_ descriptor: consuming Descriptor, _ word: UInt8) {
        switch word {
        case Keeper.Word.console: console = Shared(descriptor)
        case Keeper.Word.process: process = KeptProcess(descriptor)
        default: fifos.append(Shared(descriptor))
        }
    }

    /// Sends a supervisor the descriptors that it needs.
    func send(_ id: String, _ connection: borrowing MessageSocket) throws(SystemCallError) {
        try connection.send([Keeper.Word.known] + id.utf8)
        if let console {
            try connection.send([Keeper.Word.console] + id.utf8, with: console.value)
        }
        if let process {
            try connection.send([Keeper.Word.process] + id.utf8, file: process.number)
        }
    }

    /// Saves exit status and output where the next supervisor finds them.
    func save(_ id: String, _ files: ProjectPaths) throws(SystemCallError) {
        let (paths, spool) = (files.container(id), files.spool(id))
        // Already cleaned up, or removed.
        guard FileSystem.exists(paths.record), FileSystem.exists(spool) else { return }
        if let status = process?.exitStatus() { try RecordedExitStatus.write(status, in: spool) }
        for (stream, pipe) in zip(LogStream.allCases, try ContainerLog.pipes(paths, spool)) {
            while try pipe.fill(upTo: Self.batch) {}
            guard stream == .output, let console else { continue }
            while try take(console.value, into: pipe) {
                while try pipe.fill(upTo: Self.batch) {}
            }
        }
    }

    private func take(
        _ console: borrowing Descriptor,
        into pipe: LogPipe
    ) throws(SystemCallError) -> Bool {
        do throws(SystemCallError) {
            return try pipe.take(from: console, upTo: Self.batch)
        } catch {
            // The kernel reports a terminal's end as an error.
            return false
        }
    }
}

/// The first process of a container, held by the keeper.
final class KeptProcess {
    private let handle: ProcessHandle
    /// Nil if the process had already exited.
    private let startTime: UInt64?
    /// Whether it is PID 1 of a namespace, so that all processes there end with it.
    let isInit: Bool

    init(_ pidfd: consuming Descriptor) {
        handle = ProcessHandle(owning: pidfd)
        // A process that has already exited cannot be a live init.
        startTime = try? handle.startTime
        isInit = (try? ProcessTable.isInit(handle.pid)) ?? false
    }

    var number: Int32 { handle.descriptor.number }

    var hasEnded: Bool { !handle.isRunning() }

    func exitStatus() -> ExitStatus? { handle.exitStatusOfNonChild(startTime: startTime) }
}

/// The exit status of a run that ended without a supervisor, saved by the keeper beside its output.
enum RecordedExitStatus {
    private static func path(_ spool: FilePath) -> FilePath { spool.appending("end") }

    static func write(_ status: ExitStatus, in spool: FilePath) throws(SystemCallError) {
        try AtomicFile.write(Array("\(status.code)\n".utf8), to: path(spool), flushing: false)
    }

    /// The exit code; nil if none was saved.
    static func exitCode(in spool: FilePath) -> Int32? {
        // Without the file the status is unknown.
        let text = try? FileSystem.readText(path(spool))
        return text.flatMap { Int32($0.prefix { $0 != "\n" }) }
    }
}
