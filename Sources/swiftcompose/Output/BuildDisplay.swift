import ImageBuilder
import Linux
import Orchestrator
import Synchronization

/// Tells builds on standard error, line by line as BuildKit's plain progress.
final class BuildDisplay: Sendable {
    private let stream: StandardStream
    private let isQuiet: Bool
    private let renderer = Mutex(PlainBuildProgress())

    init(_ session: Session, isQuiet: Bool) {
        stream = session.errors.stream
        self.isQuiet = isQuiet || [.quiet, .none].contains(session.progressMode)
    }

    /// Where the builder reports to.
    var sink: @Sendable (BuildEvent) -> Void {
        { [self] event in
            guard !isQuiet else { return }
            let lines = renderer.withLock { $0.lines(for: event) }
            stream.write(lines.map { $0 + "\n" }.joined().utf8)
        }
    }
}
