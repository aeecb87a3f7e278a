import Linux
import SystemPackage

/// A kernel parameter that forbids user namespaces.
public struct KernelSetting: Sendable, Equatable {
    /// Name and value, as sysctl(8) prints them.
    public var name: String
    /// The command that permits user namespaces.
    public var remedy: String

    /// The parameter of this machine that forbids user namespaces; nil if none does.
    static func forbidding() -> Self? {
        let settings = [
            ("kernel.unprivileged_userns_clone", "0", "1"),
            ("kernel.apparmor_restrict_unprivileged_userns", "1", "0"),
            ("user.max_user_namespaces", "0", "15000"),
        ]
        for (name, forbidding, permitting) in settings {
            let path = "/proc/sys/" + name.split(separator: ".").joined(separator: "/")
            // Kernels have only some of these.
            let value = try? FileSystem.readText(FilePath(path))
            if value?.prefix(while: \.isNumber) == forbidding[...] {
                return Self(
                    name: "\(name)=\(forbidding)",
                    remedy: "sysctl -w \(name)=\(permitting)"
                )
            }
        }
        return nil
    }
}
