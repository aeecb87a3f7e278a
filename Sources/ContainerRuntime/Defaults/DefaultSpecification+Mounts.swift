import OCI

extension DefaultSpecification {
    typealias Mount = RuntimeSpecification.Mount

    /// What tells of the host or of other containers.
    static let maskedPaths = [
        "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys",
        "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi", "/proc/timer_list",
        "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware",
    ]

    /// What changes the host.
    static let readOnlyPaths = [
        "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
    ]

    /// The file systems that every container has.
    func standardMounts() -> [Mount] {
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

    /// Message queues and shared memory go with the namespace for communication.
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
                Mount(
                    destination: "/dev/mqueue",
                    type: "bind",
                    source: "/dev/mqueue",
                    options: ["bind"] + plain
                ),
                Mount(
                    destination: "/dev/shm",
                    type: "bind",
                    source: "/dev/shm",
                    options: ["bind"] + plain
                ),
            ]
        case .path(let path):
            // `/proc/PID/ns/ipc`: its owner's shared memory is where its root is.
            let owner = path.split(separator: "/").dropLast(2).joined(separator: "/")
            return [
                queue,
                Mount(
                    destination: "/dev/shm",
                    type: "bind",
                    source: "/\(owner)/root/dev/shm",
                    options: ["bind"] + plain
                ),
            ]
        }
    }

    /// Docker's own, the asked ones over them; checked against the namespaces they belong to.
    func allSysctls() throws(RuntimeError) -> [String: String]? {
        var all: [String: String] = [:]
        if networkNamespace == .new && !isPrivileged {
            // Ordinary users may bind low ports and ping.
            all["net.ipv4.ip_unprivileged_port_start"] = "0"
            all["net.ipv4.ping_group_range"] = "0 2147483647"
        }
        for (name, value) in sysctls {
            try check(sysctl: name)
            all[name] = value
        }
        return all.isEmpty ? nil : all
    }

    private func check(sysctl name: String) throws(RuntimeError) {
        let dotted = name.replacing("/", with: ".")
        if dotted.hasPrefix("net.") {
            guard networkNamespace != .host else {
                throw .invalid(
                    field: "sysctls",
                    value: name,
                    expected: "no net.* parameter together with the host's network"
                )
            }
            return
        }
        let isOfIPC =
            ["kernel.shm", "kernel.msg", "fs.mqueue."].contains { dotted.hasPrefix($0) }
            || dotted == "kernel.sem"
        if isOfIPC && ipcNamespace != .host { return }
        if ["kernel.domainname", "kernel.hostname"].contains(dotted) && utsNamespace != .host {
            return
        }
        throw .invalid(
            field: "sysctls",
            value: name,
            expected: "a parameter of the container's own namespaces: net.*, kernel.shm*, "
                + "kernel.msg*, kernel.sem or fs.mqueue.*"
        )
    }
}
