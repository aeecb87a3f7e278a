import Glibc
public import SystemPackage

/// A failed system call: its name, what it was applied to, and the error number.
public struct SystemCallError: Error, Sendable, Equatable {
    /// The call's name as in section 2 of the manual.
    public var call: String
    /// What the call was applied to, for messages: a path, a process ID, an interface.
    public var subject: String
    /// The error number that the kernel returned.
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

/// Makes a system call, and repeats it while a signal interrupts it.
///
/// Not for close(2), which closes its descriptor even when it returns `EINTR`.
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
