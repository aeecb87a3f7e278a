import CLinux

/// Raw mode of our own terminal: bytes pass through unchanged.
///
/// The previous mode is restored by `restore`, when this value is destroyed, and when the process
/// exits or crashes. There can be one at a time. Source: termios(3), cfmakeraw.
public final class RawTerminal: Sendable {
    /// With `keepingSignals`, keys such as Ctrl-C still send signals and output is processed as
    /// usual; other keys are neither echoed nor collected into lines.
    public init(
        _ descriptor: Int32 = 0,
        keepingSignals: Bool = false
    ) throws(SystemCallError) {
        let isGentle: Int32 = keepingSignals ? 1 : 0
        try systemCall("tcsetattr", "terminal") { clinux_enter_raw(descriptor, isGentle) }
    }

    /// Enters raw mode again, after a shell used the terminal.
    public func renew() throws(SystemCallError) {
        try systemCall("tcsetattr", "terminal") { clinux_renew_raw() }
    }

    /// Restores the previous mode; does nothing the second time.
    public func restore() { clinux_leave_raw() }

    deinit { restore() }
}
