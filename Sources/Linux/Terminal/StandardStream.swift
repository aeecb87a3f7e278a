import CLinux
import Glibc

/// A standard stream of the process.
public enum StandardStream: Int32, Sendable {
    case input = 0
    case output = 1
    case error = 2

    /// Whether the stream is a terminal. Source: isatty(3).
    public var isTerminal: Bool { isatty(rawValue) == 1 }

    /// The columns of the terminal; nil if it is not a terminal. Source: ioctl_tty(2), TIOCGWINSZ.
    public var columns: Int? {
        var size = winsize()
        let answer = unsafe ioctl(rawValue, UInt(TIOCGWINSZ), &size)
        return answer == 0 && size.ws_col > 0 ? Int(size.ws_col) : nil
    }

    /// Writes all bytes; returns false if the reader has closed.
    @discardableResult
    public func write(_ bytes: some Collection<UInt8>) -> Bool {
        let bytes = Array(bytes)
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    rawValue,
                    buffer.baseAddress?.advanced(by: written),
                    buffer.count - written
                )
            }
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            written += count
        }
        return true
    }
}
