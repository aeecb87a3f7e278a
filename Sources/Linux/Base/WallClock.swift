import CLinux
import Glibc

/// The system's real-time clock, which may be set forward and back.
public enum WallClock {
    /// The time since 1970-01-01T00:00:00Z. Source: clock_gettime(2), CLOCK_REALTIME.
    public static func now() -> (seconds: Int64, nanoseconds: Int32) {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return (Int64(time.tv_sec), Int32(time.tv_nsec))
    }

    /// The local date and time at `seconds` since 1970. Source: localtime(3).
    public static func local(_ seconds: Int64) -> (month: Int, day: Int, hour: Int, minute: Int) {
        var seconds = time_t(seconds)
        var parts = unsafe tm()
        unsafe localtime_r(&seconds, &parts)
        let (month, day) = unsafe (Int(parts.tm_mon) + 1, Int(parts.tm_mday))
        let (hour, minute) = unsafe (Int(parts.tm_hour), Int(parts.tm_min))
        return (month, day, hour, minute)
    }
}
