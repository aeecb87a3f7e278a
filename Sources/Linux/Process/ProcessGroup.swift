import Glibc

/// Processes that were started together. Source: setpgid(2).
public enum ProcessGroup {
    /// Kills every process of the group that `leader` leads; one without any is fine.
    ///
    /// Only for a leader that is our child and not yet reaped: until then no other group can
    /// have its number.
    public static func kill(ledBy leader: Int32) { _ = Glibc.kill(-leader, SIGKILL) }
}
