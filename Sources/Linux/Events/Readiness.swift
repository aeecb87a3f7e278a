import CLinux
import Glibc

/// Waiting for a few descriptors on a thread that may block. Source: poll(2).
public enum Readiness {
    /// Waits until any of at most eight descriptors is readable or at its end; returns their
    /// indices, or none when `timeout` expires first.
    public static func wait(
        for descriptors: [Int32],
        timeout: Duration? = nil
    ) throws(SystemCallError) -> [Int] {
        precondition(descriptors.count <= 8, "a handful of descriptors")
        let parts = timeout.map { min($0, .seconds(1 << 32)).components }
        let milliseconds =
            parts.map {
                Int32(clamping: $0.seconds * 1000 + $0.attoseconds / 1_000_000_000_000_000)
            }
            ?? -1
        let mask = try systemCall("poll", "descriptors") {
            unsafe clinux_wait_readable(descriptors, Int32(descriptors.count), milliseconds)
        }
        return descriptors.indices.filter { mask & (1 << Int32($0)) != 0 }
    }
}
