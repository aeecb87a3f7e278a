public import OCI

/// The default system call filter of containers.
///
/// It has the effect of Docker's default profile: calls that need no capability and have no history
/// of container escapes are allowed, and each capability allows the calls that it exists for.
public enum DefaultSeccomp {
    typealias Rule = RuntimeSpecification.Seccomp.Rule
    typealias Condition = RuntimeSpecification.Seccomp.Condition

    /// The profile for a process with these capabilities (`CAP_CHOWN` …) in its bounding set.
    public static func profile(capabilities: [String]) -> RuntimeSpecification.Seccomp {
        let has = Set(capabilities)
        var profile = RuntimeSpecification.Seccomp(defaultAction: .errno, defaultErrnoRet: 1)
        profile.architectures = architectures
        var rules = [Rule(allowed, action: .allow)] + guarded
        for (capability, calls) in broughtByCapability where has.contains(capability) {
            rules.append(Rule(words(calls), action: .allow))
        }
        if !has.contains("CAP_SYS_ADMIN") { rules += withoutAdministration }
        profile.syscalls = rules
        return profile
    }

    /// Calls that are allowed depending on their arguments.
    ///
    /// AF_ALG (38) exposes the kernel's crypto API, which had several privilege escalations, and
    /// AF_VSOCK (40) reaches the host of a virtual machine from every network namespace.
    private static let guarded: [Rule] =
        [
            Rule(["socket"], action: .allow, args: [Condition(0, .less, 38)]),
            Rule(["socket"], action: .allow, args: [Condition(0, .equal, 39)]),
            Rule(["socket"], action: .allow, args: [Condition(0, .greater, 40)]),
        ]
        + [0x0, 0x8, 0x2_0000, 0x2_0008, 0xFFFF_FFFF].map { persona in
            Rule(["personality"], action: .allow, args: [Condition(0, .equal, persona)])
        }

    /// Prevents new namespaces: clone(2) is allowed without their flags, and clone3, whose flags a
    /// filter cannot read, fails with ENOSYS, so that the C library falls back to clone.
    private static let withoutAdministration: [Rule] = [
        Rule(["clone"], action: .allow, args: [Condition(0, .maskedEqual, 0x7E02_0000, 0)]),
        Rule(["clone3"], action: .errno, errnoRet: 38),
    ]

    private static let broughtByCapability: [(String, String)] = [
        ("CAP_DAC_READ_SEARCH", "open_by_handle_at"),
        (
            "CAP_SYS_ADMIN",
            """
            bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie \
            lsm_get_self_attr lsm_list_modules lsm_set_self_attr mount mount_setattr move_mount \
            open_tree perf_event_open quotactl quotactl_fd setdomainname sethostname setns \
            syslog umount umount2 unshare
            """
        ),
        ("CAP_SYS_BOOT", "reboot"),
        ("CAP_SYS_CHROOT", "chroot"),
        ("CAP_SYS_MODULE", "delete_module finit_module init_module"),
        ("CAP_SYS_PACCT", "acct"),
        ("CAP_SYS_PTRACE", "kcmp pidfd_getfd process_madvise"),
        ("CAP_SYS_RAWIO", "ioperm iopl"),
        ("CAP_SYS_TIME", "clock_settime clock_settime64 settimeofday stime"),
        ("CAP_SYS_TTY_CONFIG", "vhangup"),
        ("CAP_SYS_NICE", "get_mempolicy mbind set_mempolicy set_mempolicy_home_node"),
        ("CAP_SYSLOG", "syslog"),
        ("CAP_BPF", "bpf"),
        ("CAP_PERFMON", "perf_event_open"),
    ]

    #if arch(x86_64)
    private static let architectures = [
        "SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32",
    ]
    private static let ofThisMachine = "arch_prctl modify_ldt"
    #elseif arch(arm64)
    private static let architectures = ["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"]
    private static let ofThisMachine = """
        arm_fadvise64_64 arm_sync_file_range breakpoint cacheflush set_tls sync_file_range2
        """
    #else
    private static let architectures: [String] = []
    private static let ofThisMachine = ""
    #endif

    private static var allowed: [String] {
        DefaultSeccompCalls.all + words(ofThisMachine)
    }

    static func words(_ text: String) -> [String] {
        text.split(separator: " ").map(String.init)
    }
}
