import CLinux

/// Our own terminal while every byte of it passes through as it is.
///
/// It is put back as it was by `restore`, when this value goes, when the program ends and when it
/// crashes. There is one at a time. Source: termios(3), cfmakeraw.
public final class RawTerminal: Sendable {
    public init(_ descriptor: Int32 = 0) throws(SystemCallError) {
        try systemCall("tcsetattr", "terminal") { clinux_enter_raw(descriptor) }
    }

    /// Makes it raw once more, after a shell had it meanwhile.
    public func renew() throws(SystemCallError) {
        try systemCall("tcsetattr", "terminal") { clinux_renew_raw() }
    }

    /// Puts it back as it was; a second time does nothing.
    public func restore() { clinux_leave_raw() }

    deinit { restore() }
}
