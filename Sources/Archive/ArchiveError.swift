import Glibc
public import Linux
import SystemPackage

/// An archive that cannot be read, written or unpacked, and what to do about it.
public struct ArchiveError: Error, Sendable, Equatable {
    public enum Problem: Sendable, Equatable {
        /// Broken or unknown format, in libarchive's words.
        case format(String)
        /// A call that the kernel refused.
        case system(SystemCallError)
        /// An entry whose name leads out of the archive's root.
        case escapesRoot
        /// An entry of a kind that has no place in a tree of files.
        case unsupported(kind: String)
        /// A whiteout that names no entry.
        case emptyWhiteout
        /// An owner that no file can have.
        case owner(Int64)
        /// An upper directory that uses an overlay feature which a layer cannot express.
        case overlayFeature(String)
        /// A directory where something else is, or the reverse, and neither is to be replaced.
        case wouldReplace(directory: Bool)
    }

    public var problem: Problem
    /// The archive, or the entry in it or in the tree that is archived.
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
            "\(subject): cannot be read as an archive: \(reason); it may be damaged or cut short"
        case .system(let error):
            "\(subject): \(error)"
        case .escapesRoot:
            "\(subject): the entry leads out of the archive's root; do not trust this archive"
        case .unsupported(let kind):
            "\(subject): a \(kind) cannot be unpacked"
        case .emptyWhiteout:
            "\(subject): the whiteout names no file; do not trust this archive"
        case .owner(let number):
            "\(subject): no file can be owned by \(number); owners are 0 to 4294967294"
        case .overlayFeature(let attribute):
            "\(subject): carries \(attribute), which a layer cannot express; "
                + "mount overlays with redirect_dir=off and metacopy=off"
        case .wouldReplace(let directory):
            directory
                ? "\(subject): cannot overwrite a directory with something else; "
                    + "remove the directory first"
                : "\(subject): cannot overwrite with a directory what is none; "
                    + "remove the file first"
        }
    }
}

/// Makes one system call, again when a signal interrupts it; throws with `subject`.
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
