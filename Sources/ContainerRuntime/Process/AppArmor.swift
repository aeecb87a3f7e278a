import Linux
import SystemPackage

/// The AppArmor profile of a program. Source: apparmor(7), aa_change_onexec(2).
public enum AppArmor {
    /// Docker's default profile, which its engine loads into the kernel.
    public static let standardProfile = "docker-default"

    /// Whether this kernel confines programs with AppArmor.
    public static var isEnabled: Bool {
        // Without the file there is no AppArmor.
        let flag = try? FileSystem.readText("/sys/module/apparmor/parameters/enabled")
        return flag?.hasPrefix("Y") == true
    }

    /// Whether the kernel has a profile of this name.
    public static func isLoaded(_ profile: String) -> Bool {
        // A process that cannot read the list cannot use the profiles either.
        let list = try? FileSystem.readText("/sys/kernel/security/apparmor/profiles")
        return list?.split(separator: "\n").contains { $0.hasPrefix(profile + " (") } == true
    }

    /// Makes the next execve(2) change to `profile`; does nothing without one.
    ///
    /// Called while the host's procfs is mounted and before the process changes its user, after
    /// which the kernel refuses the write.
    static func confine(to profile: String?) throws(RuntimeError) {
        guard let profile, profile != "unconfined" else { return }
        guard isEnabled else {
            throw .invalid(
                field: "process.apparmorProfile",
                value: profile,
                expected: "no profile: this kernel has no AppArmor"
            )
        }
        try RuntimeError.during(
            .protection,
            "AppArmor profile \(profile)",
            FileSystem.write("exec \(profile)", into: "/proc/self/attr/apparmor/exec")
        )
    }
}
