import CLinux
import Glibc

/// The clock on the wall, which may be set forward and back.
public enum WallClock {
    /// Time since 1970-01-01T00:00:00Z. Source: clock_gettime(2), CLOCK_REALTIME.
    public static func now() -> (seconds: Int64, nanoseconds: Int32) {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return (Int64(time.tv_sec), Int32(time.tv_nsec))
    }
}
