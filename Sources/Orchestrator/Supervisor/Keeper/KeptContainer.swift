import Linux
import SystemPackage

/// What the keeper holds of one container.
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

    /// Hands everything to a supervisor that it can use.
    func tell(_ id: String, _ connection: borrowing MessageSocket) throws(SystemCallError) {
        try connection.send([Keeper.Word.known] + id.utf8)
        if let console {
            try connection.send([Keeper.Word.console] + id.utf8, with: console.value)
        }
        if let process {
            try connection.send([Keeper.Word.process] + id.utf8, file: process.number)
        }
    }

    /// Puts how it ended and all that it has said where the next supervisor goes on with it.
    func writeDown(_ id: String, _ files: ProjectPaths) throws(SystemCallError) {
        let (paths, spool) = (files.container(id), files.spool(id))
        // Put away or removed by somebody who had no connection with us.
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
            // The end of a terminal is an error.
            return false
        }
    }
}

/// A container's first process as the keeper knows it.
final class KeptProcess {
    private let handle: ProcessHandle
    /// Nil when it had ended before.
    private let startTime: UInt64?
    /// Every process of its namespace ends with it.
    let isInit: Bool

    init(_ pidfd: consuming Descriptor) {
        handle = ProcessHandle(owning: pidfd)
        // One that is gone is no init that could end yet.
        startTime = try? handle.startTime
        isInit = (try? ProcessTable.isInit(handle.pid)) ?? false
    }

    var number: Int32 { handle.descriptor.number }

    var hasEnded: Bool { !handle.isRunning() }

    func exitStatus() -> ExitStatus? { handle.exitStatusOfNonChild(startTime: startTime) }
}

/// How a run ended that no supervisor saw, as the keeper writes it down beside the run's output.
enum RecordedExitStatus {
    private static func path(_ spool: FilePath) -> FilePath { spool.appending("end") }

    static func write(_ status: ExitStatus, in spool: FilePath) throws(SystemCallError) {
        try AtomicFile.write(Array("\(status.code)\n".utf8), to: path(spool), flushing: false)
    }

    /// The exit code; nil when nothing was written.
    static func exitCode(in spool: FilePath) -> Int32? {
        // What is not there tells nothing.
        let text = try? FileSystem.readText(path(spool))
        return text.flatMap { Int32($0.prefix { $0 != "\n" }) }
    }
}
