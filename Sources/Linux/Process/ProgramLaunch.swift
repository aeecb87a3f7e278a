import CLinux
import Glibc
public import SystemPackage

/// Starting another program from any thread. Source: posix_spawn(3).
public enum ProgramLaunch {
    /// Starts `executable` with this process's environment, every signal at its default.
    ///
    /// `descriptors` become its descriptors 0, 1, 2 and so on; it gets no others.
    public static func start(
        _ executable: FilePath,
        arguments: [String],
        descriptors: [Int32],
        inNewSession: Bool = false
    ) throws(SystemCallError) -> ProcessHandle {
        var pid: pid_t = 0
        var words = unsafe ([executable.string] + arguments).map { unsafe strdup($0) } + [nil]
        defer { for place in unsafe words.indices { unsafe free(words[place]) } }
        let result = unsafe clinux_spawn_session(
            &pid,
            executable.string,
            &words,
            descriptors,
            Int32(descriptors.count),
            inNewSession ? 1 : 0
        )
        guard result == 0 else {
            throw SystemCallError(
                call: "posix_spawn",
                subject: executable.string,
                reason: .init(rawValue: result)
            )
        }
        return try ProcessHandle(pid: pid)
    }
}
