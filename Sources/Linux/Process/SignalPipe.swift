import CLinux

/// Signals of a process with several threads, read one by one instead of ending it.
///
/// There is one for the whole process. Source: sigaction(2), signal-safety(7).
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

    /// Waits for the next signal, blocking the calling thread.
    public func next() throws(SystemCallError) -> Signal? {
        try pipe.readEnd.read(upTo: 1).first.map { Signal(rawValue: Int32($0)) }
    }
}
