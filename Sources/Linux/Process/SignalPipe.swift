import CLinux

/// Signals to a multithreaded process, read one at a time instead of terminating it.
///
/// There can be one per process. Source: sigaction(2), signal-safety(7).
public final class SignalPipe: Sendable {
    private let pipe: Pipe

    public init(_ signals: [Signal]) throws(SystemCallError) {
        pipe = try Pipe()
        try pipe.writeEnd.setNonBlocking(true)
        let number = pipe.writeEnd.number
        for signal in signals {
            try systemCall("sigaction", "signal \(signal.rawValue)") {
                clinux_forward_signal(signal.rawValue, number)
            }
        }
    }

    /// Waits for the next signal, blocking the calling thread; nil once the pipe is closed.
    public func next() throws(SystemCallError) -> Signal? {
        try pipe.readEnd.read(upTo: 1).first.map { Signal(rawValue: Int32($0)) }
    }
}
