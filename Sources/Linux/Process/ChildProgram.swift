import CLinux
import Glibc
public import SystemPackage

/// A program started as our child, by a process that may have many threads.
///
/// Source: vfork(2), prctl(2) PR_SET_PDEATHSIG.
public enum ChildProgram {
    /// Starts the program at `path` in a process group of its own, with default signal actions
    /// and no descriptors beside the three given.
    ///
    /// The kernel kills it when the calling thread ends, so that thread waits for it.
    public static func start(
        _ path: FilePath,
        arguments: [String],
        environment: [String],
        input: borrowing Descriptor,
        output: borrowing Descriptor,
        error: borrowing Descriptor
    ) throws(SystemCallError) -> ProcessHandle {
        let streams = [input.number, output.number, error.number]
        let pid: Int32 = unsafe withCStrings([path.string] + arguments) { arguments in
            unsafe withCStrings(environment) { environment in
                unsafe clinux_spawn(path.string, arguments, environment, streams)
            }
        }
        guard pid > 0 else {
            throw SystemCallError(
                call: "execve",
                subject: path.string,
                reason: Errno(rawValue: -pid)
            )
        }
        return try ProcessHandle(pid: pid)
    }

    private static func withCStrings<Result>(
        _ strings: [String],
        _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = unsafe strings.map { unsafe strdup($0) } + [nil]
        defer { for index in unsafe copies.indices { unsafe free(copies[index]) } }
        return unsafe body(copies)
    }
}
