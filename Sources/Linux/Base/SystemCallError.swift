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

extension SystemCallError {
    /// The error as bytes, for another process.
    public var encoded: [UInt8] { Array("\(reason.rawValue)\0\(call)\0\(subject)".utf8) }

    /// Decodes the error of another process; nil if the bytes are none.
    public init?(encoded: some Collection<UInt8>) {
        let fields = encoded.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard fields.count == 3, let code = Int32(fields[0]) else { return nil }
        self.init(call: fields[1], subject: fields[2], reason: Errno(rawValue: code))
    }
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
