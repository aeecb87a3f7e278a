/// The keys by which a user controls an attached `up`.
public struct Shortcuts: Sendable {
    /// The meaning of a key.
    public enum Command: Sendable, Equatable {
        /// Ends the command and leaves the containers running.
        case detach
        /// Begins or ends updating services when their files change.
        case toggleWatch
    }

    /// Whether files are watched.
    public enum Watching: Sendable, Equatable {
        /// No service has rules for it.
        case impossible
        case off
        case on
    }

    /// Begins to read keys; called once, when no question is asked any more.
    let begin: @Sendable (Watching) -> Void
    /// Waits for the next command; nil when there are no more, or the task is cancelled.
    let next: @Sendable () async -> Command?
    /// Shows the present state.
    let show: @Sendable (Watching) -> Void
    /// Stops reading keys.
    let end: @Sendable () -> Void

    public init(
        begin: @escaping @Sendable (Watching) -> Void,
        next: @escaping @Sendable () async -> Command?,
        show: @escaping @Sendable (Watching) -> Void,
        end: @escaping @Sendable () -> Void
    ) {
        (self.begin, self.next, self.show, self.end) = (begin, next, show, end)
    }
}
