import Linux
import Orchestrator
import Synchronization
import SystemPackage

/// The output of `up --timings`: text on standard error, and a file.
final class TimingReport: Sendable {
    /// Nil if no timings are wanted.
    let recorder: TimingRecorder?
    private let isShown: Bool
    private let file: String?
    private let session: Session
    private let isFinished = Mutex(false)

    init(isShown: Bool, file: String?, _ session: Session) {
        (self.isShown, self.file, self.session) = (isShown, file, session)
        recorder = isShown || file != nil ? TimingRecorder() : nil
    }

    func measuring<Value>(
        _ object: String,
        _ activity: String,
        _ work: () async throws -> Value
    ) async rethrows -> Value {
        guard let recorder else { return try await work() }
        return try await recorder.measuring(object, activity, work)
    }

    /// Shows and writes the timings, once.
    @Sendable func finish() {
        let isFirst = isFinished.withLock { isFinished in
            defer { isFinished = true }
            return !isFinished
        }
        guard isFirst, let timings = recorder?.timings else { return }
        if isShown {
            let text = timings.text.escapedForTerminal(keepingNewlines: true) + "\n"
            _ = session.print(Array(text.utf8), to: .error)
        }
        guard let file else { return }
        let text = file.hasSuffix(".svg") ? timings.svg : JSONText.line(timings)
        do {
            try AtomicFile.write(Array((text + "\n").utf8), to: FilePath(file), mode: 0o644)
        } catch {
            session.warn("\(error)")
        }
    }
}
