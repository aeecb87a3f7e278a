import Linux
import Notation
import OCI
import SystemPackage

extension DefaultSpecification {
    typealias Mount = RuntimeSpecification.Mount

    /// Kernel files that disclose information about the host or other containers.
    static let maskedPaths = alwaysMasked + thermalPaths

    private static let alwaysMasked = [
        "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys",
        "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi", "/proc/timer_list",
        "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware",
    ]

    /// Counters that a program could use as a side channel, on processors that have them.
    private static var thermalPaths: [String] {
        let directory = FilePath("/sys/devices/system/cpu")
        // Without the directory there is nothing to mask.
        let names = (try? FileSystem.entries(of: directory)) ?? []
        return names.filter { $0.hasPrefix("cpu") && $0.dropFirst(3).allSatisfy(\.isNumber) }
            .map { directory.appending($0).appending("thermal_throttle") }
            .filter { FileSystem.exists($0) }
            .map(\.string).sorted()
    }

    /// Kernel files through which the host could be changed.
    static let readOnlyPaths = [
        "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
    ]

    /// Returns the standard mounts and those of this container.
    ///
    /// As in Docker, a given mount replaces the standard one at its destination, and a given `/dev`
    /// replaces everything below it except the shared memory.
    func allMounts() -> [Mount] {
        let places = mounts.map { FilePath($0.destination).lexicallyNormalized().string }
        var standard = standardMounts().filter { !places.contains($0.destination) }
        guard let devices = places.firstIndex(of: "/dev") else { return standard + mounts }
        let shared = standard.filter { $0.destination == "/dev/shm" }
        standard.removeAll { $0.destination.hasPrefix("/dev/") }
        var given = mounts
        given.insert(contentsOf: shared, at: devices + 1)
        return standard + given
    }

    /// The file systems of every container.
    private func standardMounts() -> [Mount] {
        let plain = ["nosuid", "noexec", "nodev"]
        let kernel = isPrivileged ? plain : plain + ["ro"]
        var mounts = [
            Mount(destination: "/proc", type: "proc", source: "proc", options: plain),
            Mount(
                destination: "/dev",
                type: "tmpfs",
                source: "tmpfs",
                options: ["nosuid", "strictatime", "mode=755", "size=65536k"]
            ),
            Mount(
                destination: "/dev/pts",
                type: "devpts",
                source: "devpts",
                options: [
                    "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5",
                ]
            ),
            Mount(destination: "/sys", type: "sysfs", source: "sysfs", options: kernel),
            Mount(destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup", options: kernel),
        ]
        mounts += communicationMounts(plain)
        return mounts
    }

    /// Message queues and shared memory, which depend on the IPC namespace.
    private func communicationMounts(_ plain: [String]) -> [Mount] {
        let queue = Mount(
            destination: "/dev/mqueue",
            type: "mqueue",
            source: "mqueue",
            options: plain
        )
        if hasNoSharedMemory { return [queue] }
        switch ipcNamespace {
        case .new:
            let size = "size=\(sharedMemorySize)"
            return [
                queue,
                Mount(
                    destination: "/dev/shm",
                    type: "tmpfs",
                    source: "shm",
                    options: plain + ["mode=1777", size]
                ),
            ]
        case .host:
            return [
                queue,
                Mount(
                    destination: "/dev/shm",
                    type: "bind",
                    source: "/dev/shm",
                    options: ["bind"] + plain
                ),
            ]
        case .path(let path): return [queue, Self.sharedMemory(ofOwner: path)]
        }
    }

    /// Returns a mount of the shared memory of the process whose IPC namespace is at `path`, for
    /// example `/proc/PID/ns/ipc`.
    static func sharedMemory(ofOwner path: String) -> Mount {
        // The mount is found through that process's root.
        let owner = path.split(separator: "/").dropLast(2).joined(separator: "/")
        return Mount(
            destination: "/dev/shm",
            type: "bind",
            source: "/\(owner)/root/dev/shm",
            options: ["bind", "nosuid", "noexec", "nodev"]
        )
    }

    /// Parameters that let unprivileged users bind low ports and ping.
    static var networkSysctls: [String: String] {
        [
            "net.ipv4.ip_unprivileged_port_start": "0",
            "net.ipv4.ping_group_range": "0 \(lastGroup)",
        ]
    }

    /// The last group that may be allowed to ping: one that exists in this user namespace.
    private static var lastGroup: UInt32 {
        let most: UInt32 = 2_147_483_647
        guard !UserNamespace.isInitial else { return most }
        // Without procfs, setting the parameter reports the reason.
        let ranges = (try? UserNamespace.mappedGroups()) ?? []
        return min(ranges.map(\.upperBound).max() ?? 0, most)
    }

    /// Returns Docker's default parameters overridden by the given ones.
    ///
    /// Throws for a parameter that does not belong to a namespace of the container.
    func allSysctls() throws(RuntimeError) -> [String: String]? {
        var all: [String: String] = [:]
        if networkNamespace == .new { all = Self.networkSysctls }
        for (name, value) in sysctls {
            try check(sysctl: name)
            all[name] = value
        }
        return all.isEmpty ? nil : all
    }

    private func check(sysctl name: String) throws(RuntimeError) {
        let parameter = SysctlName(name)?.components ?? []
        switch (parameter.first, parameter.count) {
        case ("net", _):
            guard networkNamespace != .host else {
                throw .invalid(
                    field: "sysctls",
                    value: name,
                    expected: "no net.* parameter together with the host's network"
                )
            }
            return
        case ("fs", 3) where parameter[1] == "mqueue" && ipcNamespace != .host: return
        case ("kernel", 2) where Self.isOfIPC(parameter[1]) && ipcNamespace != .host: return
        case ("kernel", 2) where ["domainname", "hostname"].contains(parameter[1]):
            if utsNamespace != .host { return }
        default: break
        }
        throw .invalid(
            field: "sysctls",
            value: name,
            expected: "a parameter of the container's own namespaces: net.*, kernel.shm*, "
                + "kernel.msg*, kernel.sem or fs.mqueue.*"
        )
    }

    private static func isOfIPC(_ parameter: String) -> Bool {
        parameter.hasPrefix("shm") || parameter.hasPrefix("msg") || parameter == "sem"
    }
}
