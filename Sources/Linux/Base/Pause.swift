import Glibc

/// A short sleep for polling the few kernel states that have no event.
public enum Pause {
    /// Sleeps for five milliseconds, blocking the calling thread.
    public static func briefly() { usleep(5_000) }
}
