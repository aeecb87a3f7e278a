import ImageBuilder
import Orchestrator
import Synchronization

/// Tells builds line by line as BuildKit's plain progress.
final class BuildDisplay: Sendable {
    private let write: @Sendable (String) -> Void
    private let isQuiet: Bool
    private let renderer = Mutex(PlainBuildProgress())

    /// Lines go to standard error unless `write` takes them.
    init(
        isQuiet: Bool,
        mode: ProgressMode,
        write: (@Sendable (String) -> Void)? = nil
    ) {
        self.write = write ?? Output.printError
        self.isQuiet = isQuiet || [.quiet, .none].contains(mode)
    }

    /// Where the builder reports to.
    var sink: @Sendable (BuildEvent) -> Void {
        { [self] event in
            guard !isQuiet else { return }
            let lines = renderer.withLock { $0.lines(for: event) }
            lines.forEach(write)
        }
    }
}
