import OCI

extension StepSpecification {
    /// What Docker leaves to root in a container. Source: moby, `oci/caps/defaults.go`.
    static let capabilities = [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW",
        "CAP_SETGID", "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE",
        "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE",
    ]

    static let allCapabilities =
        capabilities + [
            "CAP_AUDIT_CONTROL", "CAP_AUDIT_READ", "CAP_BLOCK_SUSPEND", "CAP_BPF",
            "CAP_CHECKPOINT_RESTORE", "CAP_DAC_READ_SEARCH", "CAP_IPC_LOCK", "CAP_IPC_OWNER",
            "CAP_LEASE", "CAP_LINUX_IMMUTABLE", "CAP_MAC_ADMIN", "CAP_MAC_OVERRIDE",
            "CAP_NET_ADMIN", "CAP_NET_BROADCAST", "CAP_PERFMON", "CAP_SYSLOG", "CAP_SYS_ADMIN",
            "CAP_SYS_BOOT", "CAP_SYS_MODULE", "CAP_SYS_NICE", "CAP_SYS_PACCT", "CAP_SYS_PTRACE",
            "CAP_SYS_RAWIO", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG",
            "CAP_WAKE_ALARM",
        ]

    static let maskedPaths = [
        "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys",
        "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi", "/proc/timer_list",
        "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware",
    ]

    static let readonlyPaths = [
        "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
    ]

    /// `/proc`, `/dev` and what lies below them.
    static func systemMounts(_ step: RunStep) -> [RuntimeSpecification.Mount] {
        let memory = step.settings.sharedMemory ?? 64 << 20
        let secure = ["nosuid", "noexec", "nodev"]
        let access = step.isInsecure ? ["rw"] : ["ro"]
        let rows: [(String, String, [String])] = [
            ("/proc", "proc", secure),
            ("/dev", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]),
            (
                "/dev/pts", "devpts",
                ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]
            ),
            ("/sys", "sysfs", secure + access),
            ("/sys/fs/cgroup", "cgroup", secure + access),
            ("/dev/mqueue", "mqueue", secure),
            ("/dev/shm", "tmpfs", secure + ["mode=1777", "size=\(memory)"]),
        ]
        return rows.map { destination, type, options in
            RuntimeSpecification.Mount(
                destination: destination,
                type: type,
                source: type,
                options: options
            )
        }
    }
}
