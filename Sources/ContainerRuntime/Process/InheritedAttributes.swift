import Linux
import SystemPackage

/// The attributes that a process passes on through fork(2) and execve(2).
public enum InheritedAttributes {
    /// Resets the attributes of the calling process to their defaults.
    ///
    /// For programs that outlive the command that started them: a file size limit of its shell, for
    /// example, would end their logs. Attributes that the process may not change are kept.
    public static func reset() throws(RuntimeError) {
        try RuntimeError.during(.limits, CurrentProcess.resetInheritedAttributes())
        try resetOutOfMemoryScore()
        for limit in try DefaultLimits.limits(overriddenBy: []) {
            // Hard limits stay, since without CAP_SYS_RESOURCE no container could exceed them.
            try RuntimeError.during(.limits, limit.applySoft())
        }
    }

    /// Sets the OOM score adjustment to 0; without CAP_SYS_RESOURCE it cannot be lowered.
    static func resetOutOfMemoryScore() throws(RuntimeError) {
        do throws(SystemCallError) {
            try FileSystem.write("0", into: "/proc/self/oom_score_adj")
        } catch {
            guard error.reason == .permissionDenied else { throw .refused(.limits, error) }
        }
    }
}
