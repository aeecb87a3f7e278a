import Linux
import SystemPackage

/// The profile that confines a program. Source: apparmor(7), aa_change_onexec(2).
public enum AppArmor {
    /// Docker's own, which its engine loads into the kernel.
    public static let standardProfile = "docker-default"

    /// Whether this kernel confines programs with AppArmor.
    public static var isEnabled: Bool {
        // Without the file there is no AppArmor.
        let flag = try? FileSystem.readText("/sys/module/apparmor/parameters/enabled")
        return flag?.hasPrefix("Y") == true
    }

    /// Whether the kernel has a profile of this name.
    public static func isLoaded(_ profile: String) -> Bool {
        // Whoever cannot read the list cannot use what is in it either.
        let list = try? FileSystem.readText("/sys/kernel/security/apparmor/profiles")
        return list?.split(separator: "\n").contains { $0.hasPrefix(profile + " (") } == true
    }

    /// Has the next execve change to `profile`; nothing without one.
    ///
    /// To be called while the host's procfs is in sight and before the process becomes another
    /// user, after which the kernel takes no such wish from it.
    static func confine(to profile: String?) throws(RuntimeError) {
        guard let profile, profile != "unconfined" else { return }
        guard isEnabled else {
            throw .invalid(
                field: "process.apparmorProfile",
                value: profile,
                expected: "no profile: this kernel has no AppArmor"
            )
        }
        try attempt(.protection, "AppArmor profile \(profile)") { () throws(SystemCallError) in
            try FileSystem.write("exec \(profile)", into: "/proc/self/attr/apparmor/exec")
        }
    }
}
