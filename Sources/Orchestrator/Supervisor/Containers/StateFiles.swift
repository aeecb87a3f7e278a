import ContainerRuntime
import FoundationEssentials
import Linux
import OCI
import SystemPackage

/// Reads and writes the files of one container for its supervisor.
struct StateFiles {
    let paths: ContainerPaths

    func record() throws -> ContainerRecord {
        let record = try JSONFile.read(ContainerRecord.self, from: paths.record)
        guard record.isPlausible else {
            throw OrchestratorError.unreadableState(
                path: paths.record.string,
                reason: "a duration is out of range"
            )
        }
        return record
    }

    /// Nil for a container that was never started, and for an unreadable file.
    func state() -> ContainerState? {
        // A file torn by a power cut is replaced at the next change.
        let state = try? JSONFile.readIfPresent(ContainerState.self, from: paths.state)
        return state?.isPlausible == true ? state : nil
    }

    /// Whether there is a state, readable or not.
    var hasState: Bool { FileSystem.exists(paths.state) }

    func specification() throws -> RuntimeSpecification {
        try JSONFile.read(RuntimeSpecification.self, from: paths.specification)
    }

    /// The bundle of a running container, or the reason why no command can be run in it.
    func readSpecification() -> Result<RuntimeSpecification, RuntimeError> {
        do {
            return .success(try specification())
        } catch {
            return .failure(
                .invalid(
                    field: paths.specification.string,
                    value: "\(error)",
                    expected: "the container's OCI runtime specification"
                )
            )
        }
    }

    /// Replaces the state atomically; on a full disk in space reserved for that.
    ///
    /// It is not flushed to disk: the state of a process does not outlive the running kernel.
    func write(_ state: ContainerState) throws {
        var state = state
        state.boot = ProcessTable.bootID
        let bytes = try JSONLine.encode(state)
        let temporary = paths.directory.appending(".state.json")
        do throws(SystemCallError) {
            try overwrite(temporary, with: bytes)
        } catch {
            guard error.isForWantOfSpace, FileSystem.exists(reserve) else { throw error }
            try FileSystem.rename(reserve, to: temporary)
            try overwrite(temporary, with: bytes)
        }
        try FileSystem.rename(temporary, to: paths.state)
        makeReserve()
    }

    /// In bytes; enough for a state with short outputs of its health check.
    private static let reservedSpace = 4_096
    private var reserve: FilePath { paths.directory.appending(".state.reserve") }

    /// Reserves space for a state on a full disk.
    ///
    /// There the space of the state just replaced is free; if another process takes it, the next
    /// state waits for space.
    private func makeReserve() {
        guard !FileSystem.exists(reserve) else { return }
        do throws(SystemCallError) {
            try overwrite(reserve, with: [UInt8](repeating: 0, count: Self.reservedSpace))
        } catch {
            // An empty file would reserve nothing; the next write tries again.
            try? FileSystem.removeFile(reserve)
        }
    }

    /// Replaces a file's content within its present space, if that is enough.
    private func overwrite(_ path: FilePath, with bytes: [UInt8]) throws(SystemCallError) {
        let file = try Descriptor.open(path, [.writing, .creating])
        try file.write(bytes)
        try file.truncate(to: Int64(bytes.count))
    }
}

// Values from damaged files are rejected if computing with them could overflow.
extension ContainerState {
    fileprivate var isPlausible: Bool {
        let counts = [restartCount, failingStreak, restartAttempts ?? 0]
        return counts.allSatisfy { (0..<1 << 32).contains($0) }
            && [restartDelay].allSatisfy(isPlausibleDuration)
    }
}

extension ContainerRecord {
    fileprivate var isPlausible: Bool {
        let durations = [
            stopGrace, restartPacing?.delay, restartPacing?.window, healthProbe?.interval,
            healthProbe?.timeout, healthProbe?.startPeriod, healthProbe?.startInterval,
        ]
        return durations.allSatisfy(isPlausibleDuration)
    }
}

/// Whether a duration is less than ten thousand years, so that it can be doubled and added.
private func isPlausibleDuration(_ duration: Duration?) -> Bool {
    let limit = Duration.seconds(315_576_000_000)
    return duration.map { abs($0 / .seconds(1)) < limit / .seconds(1) } ?? true
}
