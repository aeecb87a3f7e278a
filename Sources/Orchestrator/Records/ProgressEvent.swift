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

    /// The object that this one is a part of, such as the image of a layer.
    public var parent: String?
    /// The amount of work done, in bytes.
    public var amount: Amount?

    /// A number of bytes out of a total.
    public struct Amount: Sendable, Equatable {
        public var current: Int64
        public var total: Int64

        public init(_ current: Int64, of total: Int64) {
            self.current = current
            self.total = total
        }
    }

    public init(
        _ object: String,
        _ word: String,
        _ stage: Stage,
        detail: String? = nil,
        parent: String? = nil,
        amount: Amount? = nil
    ) {
        self.object = object
        self.word = word
        self.stage = stage
        self.detail = detail
        self.parent = parent
        self.amount = amount
    }
}

/// Receives progress from any task.
public typealias ProgressSink = @Sendable (ProgressEvent) -> Void

extension ProgressEvent {
    /// Reports work that a dry run leaves out.
    public static func rehearse(
        _ object: String,
        _ doing: String,
        _ done: String,
        to progress: ProgressSink
    ) {
        progress(ProgressEvent(object, doing, .working))
        progress(ProgressEvent(object, done, .done))
    }

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
            progress(
                Task.isCancelled
                    ? ProgressEvent(object, "Interrupted", .warning)
                    : ProgressEvent(object, "Error", .failed, detail: "\(error)")
            )
            throw error
        }
    }
}
