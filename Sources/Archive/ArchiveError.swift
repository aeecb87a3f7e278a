import Glibc
public import Linux
import SystemPackage

/// An error in reading, writing or unpacking an archive.
public struct ArchiveError: Error, Sendable, Equatable {
    public enum Problem: Sendable, Equatable {
        /// A malformed archive or unknown format, with libarchive's message.
        case format(String)
        /// A failed system call.
        case system(SystemCallError)
        /// An entry whose name leads outside the archive's root.
        case escapesRoot
        /// An entry of a kind that cannot be unpacked.
        case unsupported(kind: String)
        /// A whiteout without a file name.
        case emptyWhiteout
        /// An owner that is not a valid user or group ID.
        case owner(Int64)
        /// An upper directory with an overlay feature that a layer cannot represent.
        case overlayFeature(String)
        /// A directory in place of a non-directory or the reverse, where replacing is not
        /// permitted.
        case wouldReplace(directory: Bool)
    }

    public var problem: Problem
    /// The archive, the entry in it, or the archived file.
    public var subject: String

    public init(_ problem: Problem, in subject: String) {
        self.problem = problem
        self.subject = subject
    }
}

extension ArchiveError: CustomStringConvertible {
    public var description: String {
        switch problem {
        case .format(let reason):
            "\(subject): cannot read archive: \(reason); it may be damaged or truncated"
        case .system(let error):
            "\(subject): \(error)"
        case .escapesRoot:
            "\(subject): entry leads outside the archive's root; do not trust this archive"
        case .unsupported(let kind):
            "\(subject): cannot unpack a \(kind)"
        case .emptyWhiteout:
            "\(subject): whiteout without a file name; do not trust this archive"
        case .owner(let number):
            "\(subject): owner \(number) is not in the range 0 to 4294967294"
        case .overlayFeature(let attribute):
            "\(subject): has attribute \(attribute), which a layer cannot represent; "
                + "mount overlays with redirect_dir=off and metacopy=off"
        case .wouldReplace(let directory):
            directory
                ? "\(subject): cannot replace a directory with a non-directory; "
                    + "remove the directory first"
                : "\(subject): cannot replace a non-directory with a directory; "
                    + "remove the file first"
        }
    }
}

/// Makes a system call, and repeats it while a signal interrupts it; throws with `subject`.
@discardableResult
func call<Result: FixedWidthInteger & SignedInteger>(
    _ name: String,
    _ subject: @autoclosure () -> String,
    _ body: () -> Result
) throws(ArchiveError) -> Result {
    while true {
        let result = body()
        if result != -1 { return result }
        let reason = Errno(rawValue: errno)
        guard reason == .interrupted else {
            let error = SystemCallError(call: name, subject: subject(), reason: reason)
            throw ArchiveError(.system(error), in: subject())
        }
    }
}
