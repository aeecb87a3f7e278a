import Glibc

/// For the few states of the kernel that nothing announces.
public enum Pause {
    /// Sleeps five milliseconds. Blocks the calling thread.
    public static func briefly() { usleep(5_000) }
}
