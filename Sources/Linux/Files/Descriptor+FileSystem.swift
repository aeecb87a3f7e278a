import CLinux

extension Descriptor {
    /// Whether the kernel makes up what is here: procfs, sysfs, control groups and their like.
    ///
    /// Source: `include/uapi/linux/magic.h`.
    public borrowing func isOnKernelFileSystem() -> Bool {
        kernelFileSystems.contains(clinux_file_system(number))
    }
}

/// proc, sysfs, cgroup, cgroup2, devpts, mqueue, debugfs, tracefs, securityfs, bpf, pstore,
/// efivarfs, configfs and binfmt_misc.
private let kernelFileSystems: Set<UInt64> = [
    0x9FA0, 0x6265_6572, 0x27_E0EB, 0x6367_7270, 0x1CD1, 0x1980_0202, 0x6462_6720, 0x7472_6163,
    0x7363_6673, 0xCAFE_4A11, 0x6165_676C, 0xDE5E_81E4, 0x6265_6570, 0x4249_4E4D,
]
