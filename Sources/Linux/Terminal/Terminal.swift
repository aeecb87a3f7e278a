import CLinux
import Glibc

/// Terminals and pseudoterminals. Source: tty_ioctl(4), pty(7).
public enum Terminal {
    /// A size in characters.
    public struct Size: Hashable, Sendable {
        public var rows: UInt16
        public var columns: UInt16

        public init(rows: UInt16, columns: UInt16) {
            self.rows = rows
            self.columns = columns
        }
    }

    /// Whether `descriptor` is a terminal.
    public static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Whether the terminal takes its input from the caller's process group, which is not the case
    /// for a command that a shell runs in the background. Source: tcgetpgrp(3).
    public static func isInForeground(_ descriptor: Int32) -> Bool {
        tcgetpgrp(descriptor) == getpgrp()
    }

    public static func size(of descriptor: Int32) throws(SystemCallError) -> Size {
        var size = Size(rows: 0, columns: 0)
        try systemCall("ioctl TIOCGWINSZ", "terminal") {
            unsafe clinux_window_size(descriptor, &size.rows, &size.columns)
        }
        return size
    }

    public static func setSize(of descriptor: Int32, to size: Size) throws(SystemCallError) {
        try systemCall("ioctl TIOCSWINSZ", "terminal") {
            clinux_set_window_size(descriptor, size.rows, size.columns)
        }
    }

    /// Unlocks the pseudoterminal of `master`; returns its number in `/dev/pts`.
    public static func unlock(master: borrowing Descriptor) throws(SystemCallError) -> Int32 {
        let descriptor = master.number
        var number: Int32 = -1
        try systemCall("ioctl TIOCSPTLCK", "pseudoterminal") {
            unsafe clinux_unlock_pty(descriptor, &number)
        }
        return number
    }

    /// Makes `terminal` the controlling terminal of the session led by the caller.
    public static func takeControl(
        _ terminal: borrowing Descriptor
    ) throws(SystemCallError) {
        let number = terminal.number
        try systemCall("ioctl TIOCSCTTY", "terminal") { clinux_set_controlling_terminal(number) }
    }
}
