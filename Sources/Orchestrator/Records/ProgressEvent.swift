/// The progress of one object of a long operation.
public struct ProgressEvent: Sendable, Equatable {
    public enum Stage: Sendable, Equatable {
        case working
        case done
        case warning
        case failed
    }

    /// The object: `Container demo-db-1`, `Network demo_default`.
    public var object: String
    /// The activity or its outcome: `Starting`, `Started`.
    public var word: String
    public var stage: Stage
    /// Additional text, such as the reason for waiting.
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

extension ProgressEvent {
    /// Runs `work` on `object`, reporting `doing` before and `done` or the error afterwards.
    public static func reporting<Value>(
        _ object: String,
        _ doing: String,
        _ done: String,
        to progress: ProgressSink,
        _ work: () async throws -> Value
    ) async throws -> Value {
        progress(ProgressEvent(object, doing, .working))
        do {
            let value = try await work()
            progress(ProgressEvent(object, done, .done))
            return value
        } catch {
            progress(ProgressEvent(object, "Error", .failed, detail: "\(error)"))
            throw error
        }
    }
}
