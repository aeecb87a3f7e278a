import Linux
import SystemPackage

/// Parameters below `/proc/sys/net`, which belong to the calling thread's network namespace.
enum KernelParameter {
    /// Sets a parameter; does nothing if the kernel lacks it, because it was built or booted
    /// without that protocol.
    static func set(_ name: String, to value: String) throws(SystemCallError) {
        try ignoring(.noSuchFileOrDirectory, try FileSystem.write(value, into: path(name)))
    }

    /// Sets a parameter unless it has that value already, since it may be read-only.
    static func require(_ name: String, _ value: String) throws(SystemCallError) {
        let present = try FileSystem.readText(path(name))
        guard present.split(whereSeparator: \.isNewline).first.map(String.init) != value else {
            return
        }
        try FileSystem.write(value, into: path(name))
    }

    private static func path(_ name: String) -> FilePath {
        FilePath("/proc/sys/net/\(name)")
    }
}
