import Linux

/// Signals of this process as a stream of values, in place of their usual effect.
final class SignalStream: Sendable {
    private let stream: AsyncStream<Signal>

    init(_ signals: [Signal]) throws {
        let (stream, continuation) = AsyncStream<Signal>.makeStream()
        self.stream = stream
        let pipe = try SignalPipe(signals)
        // Lives as long as the process: signals may come until its end.
        try BackgroundThread.start {
            while let signal = try? pipe.next() { continuation.yield(signal) }
        }
    }

    /// Waits for the next signal; nil when the waiting task is cancelled first.
    func next() async -> Signal? {
        for await signal in stream { return signal }
        return nil
    }

    /// Waits for the next signal; false when the waiting task is cancelled first.
    func first() async -> Bool { await next() != nil }
}
