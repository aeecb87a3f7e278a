import ImageBuilder
import Orchestrator
import Synchronization

/// Prints the progress of builds line by line, as BuildKit's plain mode.
final class BuildDisplay: Sendable {
    private let write: @Sendable (String) -> Void
    private let isQuiet: Bool
    private let renderer = Mutex(PlainBuildProgress())

    init(
        isQuiet: Bool,
        mode: ProgressMode,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.write = write
        self.isQuiet = isQuiet || [.quiet, .none].contains(mode)
    }

    /// Receives the builder's events.
    var sink: @Sendable (BuildEvent) -> Void {
        { [self] event in
            guard !isQuiet else { return }
            let lines = renderer.withLock { $0.lines(for: event) }
            lines.forEach(write)
        }
    }
}
