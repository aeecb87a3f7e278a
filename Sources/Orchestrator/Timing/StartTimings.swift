/// The time that the operations of an `up` took: `up --timings`.
public struct StartTimings: Sendable, Equatable {
    /// One operation, with times since the beginning of the command.
    public struct Span: Sendable, Equatable {
        /// The object, such as `Container shop-db-1`.
        public var object: String
        /// The activity, such as `start`.
        public var activity: String
        public var begin: Duration
        public var end: Duration
        /// The part of the command that it belongs to; parts follow one another.
        public var part: Int
        /// Its number in its part, and the numbers of those that it waited for.
        var number: Int
        var after: Set<Int>

        public var duration: Duration { end - begin }
    }

    /// In the order of their beginnings.
    public let spans: [Span]

    init(_ spans: [Span]) {
        self.spans = spans.sorted { ($0.begin, $0.end) < ($1.begin, $1.end) }
    }

    /// The time from the beginning of the command to the end of the last operation.
    public var total: Duration { spans.map(\.end).max() ?? .zero }

    /// The chain of operations that determined the total: each began when the one before ended.
    public var criticalPath: [Span] {
        guard var current = spans.max(by: { $0.end < $1.end }) else { return [] }
        var path = [current]
        while let previous = predecessor(of: current) {
            path.append(previous)
            current = previous
        }
        return path.reversed()
    }

    /// The operation that `span` waited for longest: one of its own part, else the last of the
    /// parts before.
    private func predecessor(of span: Span) -> Span? {
        let awaited = spans.filter { $0.part == span.part && span.after.contains($0.number) }
        let candidates = awaited.isEmpty ? spans.filter { $0.part < span.part } : awaited
        return candidates.max { $0.end < $1.end }
    }
}
