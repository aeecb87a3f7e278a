public import Linux

/// Signals of this process as a stream of values, in place of their default action.
public final class SignalStream: Sendable {
    private let stream: AsyncStream<Signal>

    public init(_ signals: [Signal]) throws {
        let (stream, continuation) = AsyncStream<Signal>.makeStream()
        self.stream = stream
        let pipe = try SignalPipe(signals)
        // Runs until the process exits: signals may arrive until then.
        try BackgroundThread.start {
            while let signal = try? pipe.next() { continuation.yield(signal) }
        }
    }

    /// Waits for the next signal; nil when the waiting task is cancelled first.
    public func next() async -> Signal? {
        for await signal in stream { return signal }
        return nil
    }

    /// Waits for the next signal; false when the waiting task is cancelled first.
    public func first() async -> Bool { await next() != nil }
}
