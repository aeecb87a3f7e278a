import Glibc

/// Process groups. Source: setpgid(2).
public enum ProcessGroup {
    /// Kills all processes of the group led by `leader`; does nothing if it is empty.
    ///
    /// The leader must be an unreaped child, so that its number cannot have been reused.
    public static func kill(ledBy leader: Int32) { _ = Glibc.kill(-leader, SIGKILL) }

    /// Kills and reaps the children of the calling process that are in `group`.
    public static func endChildren(in group: Int32) {
        var information = unsafe siginfo_t()
        let options = WEXITED | WNOHANG | WNOWAIT
        // A group without a child of ours may be any other one.
        while unsafe waitid(P_PGID, id_t(group), &information, options) == 0 {
            _ = Glibc.kill(-group, SIGKILL)
            _ = waitpid(-group, nil, 0)
        }
    }
}
