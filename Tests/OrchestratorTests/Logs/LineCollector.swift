import Synchronization

@testable import Orchestrator

/// Collects the lines of a session.
final class LineCollector: Sendable {
    private let lines = Mutex<[(source: Int, text: String)]>([])

    var texts: [String] { lines.withLock { $0.map(\.text) } }
    var sources: [Int] { lines.withLock { $0.map(\.source) } }

    func session(
        _ sources: [LogSource],
        _ options: LogOptions = LogOptions(follow: true)
    ) throws -> LogSession {
        try LogSession(sources, options) { line in
            let text = String(decoding: line.text, as: UTF8.self)
            self.lines.withLock { $0.append((line.source, text)) }
            return true
        } onPause: {
            true
        }
    }
}
