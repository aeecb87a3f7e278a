/// One step of long work, told to whoever draws it.
public struct ProgressEvent: Sendable, Equatable {
    public enum Stage: Sendable, Equatable {
        case working
        case done
        case warning
        case failed
    }

    /// What it is about: `Container demo-db-1`, `Network demo_default`.
    public var object: String
    /// The word for what happens or has happened: `Starting`, `Started`.
    public var word: String
    public var stage: Stage
    /// More for the reader, such as whom a waiting container waits for.
    public var detail: String?

    public init(_ object: String, _ word: String, _ stage: Stage, detail: String? = nil) {
        self.object = object
        self.word = word
        self.stage = stage
        self.detail = detail
    }
}

/// Receives progress from any task.
public typealias ProgressSink = @Sendable (ProgressEvent) -> Void
