import Glibc
public import SystemPackage

/// A call that the kernel refused: which one, on what, and why.
public struct SystemCallError: Error, Sendable, Equatable {
    /// The call's name, as in section 2 of the manual.
    public var call: String
    /// What it was applied to, for the reader: a path, a pid, an interface.
    public var subject: String
    /// The kernel's reason.
    public var reason: Errno

    public init(call: String, subject: String, reason: Errno) {
        self.call = call
        self.subject = subject
        self.reason = reason
    }
}

extension SystemCallError: CustomStringConvertible {
    public var description: String { "\(subject): \(call): \(reason)" }
}

/// Makes one system call, and makes it again when a signal interrupts it.
///
/// Not for close(2), which has closed its descriptor even when it reports `EINTR`.
@discardableResult
func systemCall<Result: FixedWidthInteger & SignedInteger>(
    _ name: String,
    _ subject: @autoclosure () -> String,
    _ call: () -> Result
) throws(SystemCallError) -> Result {
    while true {
        let result = call()
        if result != -1 { return result }
        let reason = Errno(rawValue: errno)
        if reason != .interrupted {
            throw SystemCallError(call: name, subject: subject(), reason: reason)
        }
    }
}
