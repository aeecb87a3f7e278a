import CLinux
import Glibc
public import SystemPackage

/// Starting programs as child processes, from any thread.
public enum ChildProgram {
    /// Starts the program at `path` in its own process group, with default signal actions and the
    /// three given descriptors only.
    ///
    /// The kernel kills it when the calling thread exits, so that thread must wait for it.
    /// Source: vfork(2), prctl(2) PR_SET_PDEATHSIG.
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

    /// Starts the program at `path` with this process's environment and default signal actions;
    /// it may outlive the caller.
    ///
    /// `descriptors` become its descriptors 0, 1, 2 and so on, at most sixteen; it inherits no
    /// others. Source: posix_spawn(3).
    public static func startDetached(
        _ path: FilePath,
        arguments: [String],
        descriptors: [Int32],
        inNewSession: Bool = false
    ) throws(SystemCallError) -> ProcessHandle {
        var pid: pid_t = 0
        let result = unsafe withCStrings([path.string] + arguments) { arguments in
            unsafe clinux_spawn_session(
                &pid,
                path.string,
                arguments,
                descriptors,
                Int32(descriptors.count),
                inNewSession ? 1 : 0
            )
        }
        guard result == 0 else {
            throw SystemCallError(
                call: "posix_spawn",
                subject: path.string,
                reason: Errno(rawValue: result)
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
