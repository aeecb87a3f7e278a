public import Linux
import Synchronization

/// The keys that a user presses at the terminal of standard input, as they are pressed.
public final class KeyStream: Sendable {
    private let terminal: RawTerminal
    private let wakeUp: WakeUp
    private let keys: AsyncStream<UInt8>

    /// Reads keys until `end` or until the terminal is closed; they are not echoed.
    public init() throws(SystemCallError) {
        terminal = try RawTerminal(keepingSignals: true)
        wakeUp = try WakeUp()
        let (stream, continuation) = AsyncStream<UInt8>.makeStream()
        keys = stream
        try BackgroundThread.start { [self] in
            // A terminal that cannot be read has no more keys.
            try? read { continuation.yield($0) }
            continuation.finish()
        }
    }

    private func read(_ body: (UInt8) -> Void) throws(SystemCallError) {
        let input = StandardStream.input.rawValue
        while true {
            let ready = try Readiness.wait(for: [input, wakeUp.descriptor.number])
            if ready.contains(1) { return }
            let bytes = try Descriptor.read(from: input, upTo: 64)
            if bytes.isEmpty { return }
            bytes.forEach(body)
        }
    }

    /// Waits for the next key; nil at the end, or when the waiting task is cancelled first.
    public func next() async -> UInt8? {
        for await key in keys { return key }
        return nil
    }

    /// Gives the terminal back in its former mode.
    public func end() {
        wakeUp.signal()
        terminal.restore()
    }
}
