import Linux
import SystemPackage

/// A file below `/proc/sys/net`: it belongs to the calling thread's network namespace.
enum KernelParameter {
    /// Sets a parameter. One that the kernel does not have, because it was built or booted
    /// without that protocol, has nothing to be told.
    static func set(_ name: String, to value: String) throws(SystemCallError) {
        try ignoring(.noSuchFileOrDirectory) { () throws(SystemCallError) in
            try FileSystem.write(value, into: path(name))
        }
    }

    /// Sets a parameter unless it has that value: it may be right and not ours to write.
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
