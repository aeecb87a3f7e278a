#if arch(x86_64)
import ContainerRuntime
import Linux
import OCI
import SystemPackage
import Testing

/// A system call to try in a container.
struct TriedCall: Sendable, CustomTestStringConvertible {
    let name: String
    /// Source: kernel, `syscall_64.tbl`.
    let number: Int
    let arguments: [String]

    init(_ name: String, _ number: Int, _ arguments: String...) {
        self.name = name
        self.number = number
        self.arguments = arguments
    }

    var testDescription: String { name }
}

/// Forbidden and allowed calls, made by the host's perl inside a container.
///
/// The expected results are those of Docker's default profile.
@Suite(
    .enabled(if: Machine.canRunContainers, Machine.reason),
    .enabled(if: FileSystem.exists("/usr/bin/perl"), "needs perl to make any system call")
)
struct SystemCallTests {
    private static let notPermitted = 1
    private static let noSuchCall = 38

    /// Refused with any arguments, unless a capability allows them.
    private static let refused: [TriedCall] = [
        TriedCall("acct", 163, "1"), TriedCall("add_key", 248, "0", "0", "0", "0", "0"),
        TriedCall("bpf", 321, "99", "0", "0"), TriedCall("clock_settime", 227, "99", "0"),
        TriedCall("clone(CLONE_NEWUSER)", 56, "0x10000011", "0", "0", "0", "0"),
        TriedCall("clone(CLONE_NEWNS)", 56, "0x20011", "0", "0", "0", "0"),
        TriedCall("delete_module", 176, "0", "0"), TriedCall("fanotify_init", 300, "99", "0"),
        TriedCall("finit_module", 313, "-1", "0", "0"), TriedCall("fsmount", 432, "-1", "0", "0"),
        TriedCall("fsopen", 430, "0", "0"),
        TriedCall("get_mempolicy", 239, "0", "0", "0", "0", "0"),
        TriedCall("init_module", 175, "0", "0", "0"),
        TriedCall("io_uring_enter", 426, "-1", "0", "0", "0", "0", "0"),
        TriedCall("io_uring_register", 427, "-1", "0", "0", "0"),
        TriedCall("io_uring_setup", 425, "0", "0"), TriedCall("ioperm", 173, "0", "0", "1"),
        TriedCall("iopl", 172, "0"), TriedCall("kcmp", 312, "1", "1", "99", "0", "0"),
        TriedCall("kexec_file_load", 320, "-1", "-1", "0", "0", "0"),
        TriedCall("kexec_load", 246, "0", "0", "0", "0"), TriedCall("keyctl", 250, "0", "0", "0"),
        TriedCall("lookup_dcookie", 212, "0", "0", "0"),
        TriedCall("lsm_list_modules", 461, "0", "0", "0"),
        TriedCall("mbind", 237, "0", "0", "99", "0", "0", "0"),
        TriedCall("migrate_pages", 256, "0", "0", "0", "0"),
        TriedCall("mount", 165, "0", "0", "0", "0", "0"),
        TriedCall("mount_setattr", 442, "-1", "0", "0", "0", "0"),
        TriedCall("move_mount", 429, "-1", "0", "-1", "0", "0"),
        TriedCall("move_pages", 279, "0", "0", "0", "0", "0", "0"),
        TriedCall("nfsservctl", 180, "0", "0", "0"),
        TriedCall("open_by_handle_at", 304, "-1", "0", "0"),
        TriedCall("open_tree", 428, "-1", "0", "99"),
        TriedCall("perf_event_open", 298, "0", "0", "0", "0", "0"),
        TriedCall("personality(ADDR_NO_RANDOMIZE)", 135, "0x40000"),
        TriedCall("pidfd_getfd", 438, "-1", "0", "0"), TriedCall("pivot_root", 155, "0", "0"),
        TriedCall("process_madvise", 440, "-1", "0", "0", "0", "0"),
        TriedCall("quotactl", 179, "0", "0", "0", "0"),
        TriedCall("quotactl_fd", 443, "-1", "0", "0", "0"),
        TriedCall("reboot", 169, "0", "0", "0", "0"),
        TriedCall("request_key", 249, "0", "0", "0", "0"),
        TriedCall("set_mempolicy", 238, "99", "0", "0"), TriedCall("setdomainname", 171, "0", "0"),
        TriedCall("sethostname", 170, "0", "0"), TriedCall("setns", 308, "-1", "0"),
        TriedCall("settimeofday", 164, "0", "0"), TriedCall("socket(AF_ALG)", 41, "38", "5", "0"),
        TriedCall("socket(AF_VSOCK)", 41, "40", "1", "0"), TriedCall("swapoff", 168, "0"),
        TriedCall("swapon", 167, "0", "0"), TriedCall("syslog", 103, "99", "0", "0"),
        TriedCall("umount2", 166, "0", "0"), TriedCall("unshare", 272, "0"),
        TriedCall("unshare(CLONE_NEWUSER)", 272, "0x10000000"),
        TriedCall("userfaultfd", 323, "99"), TriedCall("uselib", 134, "0"),
        TriedCall("ustat", 136, "0", "0"), TriedCall("vmsplice into x32", 0x4000_00AB, "0"),
    ]

    /// Passed to the kernel, which then returns its own errors.
    private static let allowed: [TriedCall] = [
        TriedCall("cachestat", 451, "-1", "0", "0", "0"),
        TriedCall("capget", 125, "0", "0"), TriedCall("chroot", 161, "0"),
        TriedCall("fchmodat2", 452, "-1", "0", "0", "0"),
        TriedCall("io_setup", 206, "0", "0"),
        TriedCall("landlock_create_ruleset", 444, "0", "0", "1"),
        TriedCall("listmount", 458, "0", "0", "0", "0"),
        TriedCall("membarrier", 324, "0", "0", "0"), TriedCall("memfd_create", 319, "0", "0"),
        TriedCall("mknod", 133, "0", "0", "0"), TriedCall("mseal", 462, "0", "0", "0"),
        TriedCall("name_to_handle_at", 303, "-1", "0", "0", "0", "0"),
        TriedCall("openat2", 437, "-1", "0", "0", "0"),
        TriedCall("personality(PER_LINUX32)", 135, "8"),
        TriedCall("personality(query)", 135, "0xffffffff"),
        TriedCall("pidfd_open", 434, "-1", "0"),
        TriedCall("process_vm_readv", 310, "999999", "0", "0", "0", "0", "0"),
        TriedCall("ptrace", 101, "0", "999999", "0", "0"),
        TriedCall("seccomp", 317, "99", "0", "0"),
        TriedCall("socket(AF_INET)", 41, "2", "1", "0"),
        TriedCall("socket(AF_NETLINK)", 41, "16", "3", "0"),
        TriedCall("socket(AF_NFC)", 41, "39", "1", "0"),
        TriedCall("socket(AF_XDP)", 41, "44", "99", "0"),
        TriedCall("statmount", 457, "0", "0", "0", "0"),
    ]

    /// Calls that a capability allows.
    private static let allowedByCapability: [(capability: String, call: TriedCall)] = [
        ("BPF", TriedCall("bpf", 321, "99", "0", "0")),
        ("DAC_READ_SEARCH", TriedCall("open_by_handle_at", 304, "-1", "0", "0")),
        ("PERFMON", TriedCall("perf_event_open", 298, "0", "0", "0", "0", "0")),
        ("SYS_ADMIN", TriedCall("mount", 165, "1", "1", "1", "0", "0")),
        ("SYS_ADMIN", TriedCall("setns", 308, "-1", "0")),
        ("SYS_ADMIN", TriedCall("unshare", 272, "0")),
        ("SYS_ADMIN", TriedCall("clone3", 435, "0", "0")),
        ("SYS_ADMIN", TriedCall("fsopen", 430, "1", "0")),
        ("SYS_BOOT", TriedCall("reboot", 169, "0", "0", "0", "0")),
        ("SYS_MODULE", TriedCall("delete_module", 176, "1", "0")),
        ("SYS_NICE", TriedCall("mbind", 237, "0", "0", "99", "0", "0", "0")),
        ("SYS_PACCT", TriedCall("acct", 163, "1")),
        ("SYS_PTRACE", TriedCall("kcmp", 312, "999999", "1", "0", "0", "0")),
        ("SYS_RAWIO", TriedCall("ioperm", 173, "0x7fffffff", "1", "1")),
        ("SYS_TIME", TriedCall("clock_settime", 227, "99", "0")),
        ("SYSLOG", TriedCall("syslog", 103, "99", "0", "0")),
    ]

    @Test func `privileged calls are refused`() throws {
        let codes = try tryAll(Self.refused)
        for (call, code) in zip(Self.refused, codes) {
            #expect(code == Self.notPermitted, "\(call.name)")
        }
    }

    @Test func `clone3 fails as on a kernel without it`() throws {
        #expect(try tryAll([TriedCall("clone3", 435, "0", "0")]) == [Self.noSuchCall])
    }

    @Test func `unprivileged calls reach the kernel`() throws {
        let codes = try tryAll(Self.allowed)
        for (call, code) in zip(Self.allowed, codes) {
            #expect(code != Self.notPermitted, "\(call.name)")
        }
    }

    @Test func `a capability allows the calls that it exists for`() throws {
        let groups = Dictionary(grouping: Self.allowedByCapability, by: \.capability)
        for (capability, calls) in groups {
            let codes = try tryAll(calls.map(\.call), capabilities: [capability])
            for (call, code) in zip(calls, codes) {
                // A kernel may be built without some of them.
                let isHidden = call.call.name == "clone3" && code == Self.noSuchCall
                #expect(
                    code != Self.notPermitted && !isHidden,
                    "\(call.call.name) with \(capability)"
                )
            }
        }
    }

    /// Returns the error number of each call; 0 for success.
    private func tryAll(
        _ calls: [TriedCall],
        capabilities: [String] = []
    ) throws -> [Int] {
        let lines = calls.map { call in
            let list = ([String(call.number)] + call.arguments).joined(separator: ", ")
            return "$! = 0; syscall(\(list)); print $! + 0, \"\\n\";"
        }
        return try ContainerFixture.with { container in
            container.specification.addedCapabilities = capabilities
            container.specification.mounts = [
                .init(destination: "/host", type: "bind", source: "/", options: ["bind", "ro"])
            ]
            container.specification.arguments = [
                "/host/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", "--library-path",
                "/host/lib/x86_64-linux-gnu:/host/usr/lib/x86_64-linux-gnu",
                "/host/usr/bin/perl", "-e", lines.joined(separator: "\n"),
            ]
            let outcome = try container.run()
            let codes = outcome.output.split(separator: "\n").compactMap { Int($0) }
            try #require(codes.count == calls.count, "\(outcome)")
            return codes
        }
    }
}
#endif
