import Linux
import SystemPackage

/// The name of this machine.
enum HostName {
    /// Nil where procfs does not tell.
    static var current: String? {
        // Then a container on the host's network is called by its id.
        let text = try? FileSystem.readText("/proc/sys/kernel/hostname")
        return text?.split(separator: "\n").first.map(String.init)
    }
}
