import Linux
import SystemPackage

/// The profile that confines a program. Source: apparmor(7), aa_change_onexec(2).
enum AppArmor {
    /// Has the next execve change to `profile`; nothing where the kernel has no AppArmor.
    ///
    /// To be called while the host's procfs is in sight and before the process becomes another
    /// user, after which the kernel takes no such wish from it.
    static func confine(to profile: String?) throws(RuntimeError) {
        guard let profile, profile != "unconfined",
            FileSystem.exists("/sys/kernel/security/apparmor")
        else { return }
        try attempt(.protection, "AppArmor profile \(profile)") { () throws(SystemCallError) in
            try FileSystem.write("exec \(profile)", into: "/proc/self/attr/apparmor/exec")
        }
    }
}
