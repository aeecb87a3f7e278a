import Glibc

/// Process groups. Source: setpgid(2).
public enum ProcessGroup {
    /// Kills all processes of the group led by `leader`; does nothing if it is empty.
    ///
    /// The leader must be an unreaped child, so that its number cannot have been reused.
    public static func kill(ledBy leader: Int32) { _ = Glibc.kill(-leader, SIGKILL) }
}
