import OCI

/// The values of control group files that implement a set of limits.
struct CgroupSettings: Equatable {
    struct Setting: Equatable {
        /// The version 1 controller; empty for the version 2 tree.
        var controller: String
        var file: String
        var value: String
        /// Ignored where the kernel was built without the file.
        var isOptional = false
    }

    var settings: [Setting] = []

    private mutating func set(
        _ controller: String,
        _ file: String,
        _ value: String?,
        optional: Bool = false
    ) {
        guard let value else { return }
        settings.append(
            Setting(controller: controller, file: file, value: value, isOptional: optional)
        )
    }
}

// Version 1. Source: kernel, `admin-guide/cgroup-v1`.
extension CgroupSettings {
    init(v1 resources: RuntimeSpecification.Resources) {
        if let memory = resources.memory { add(v1: memory) }
        if let cpu = resources.cpu { add(v1: cpu) }
        if let limit = resources.pids?.limit {
            set("pids", "pids.max", limit > 0 ? "\(limit)" : "max")
        }
        if let blockIO = resources.blockIO { add(v1: blockIO) }
    }

    private mutating func add(v1 memory: RuntimeSpecification.Memory) {
        set("memory", "memory.limit_in_bytes", memory.limit.map { "\($0)" })
        // The file is missing when the kernel does not account for swap.
        set(
            "memory",
            "memory.memsw.limit_in_bytes",
            memory.swap.map { "\($0)" },
            optional: true
        )
        set("memory", "memory.soft_limit_in_bytes", memory.reservation.map { "\($0)" })
        set("memory", "memory.swappiness", memory.swappiness.map { "\($0)" })
        set("memory", "memory.oom_control", memory.disableOOMKiller == true ? "1" : nil)
    }

    private mutating func add(v1 cpu: RuntimeSpecification.CPU) {
        set("cpu", "cpu.shares", cpu.shares.map { "\($0)" })
        set("cpu", "cpu.cfs_period_us", cpu.period.map { "\($0)" })
        set("cpu", "cpu.cfs_quota_us", cpu.quota.map { "\($0)" })
        set("cpu", "cpu.rt_period_us", cpu.realtimePeriod.map { "\($0)" })
        set("cpu", "cpu.rt_runtime_us", cpu.realtimeRuntime.map { "\($0)" })
        set("cpuset", "cpuset.cpus", cpu.cpus)
        set("cpuset", "cpuset.mems", cpu.mems)
    }

    private mutating func add(v1 blockIO: RuntimeSpecification.BlockIO) {
        // Only some I/O schedulers have weights.
        set("blkio", "blkio.bfq.weight", blockIO.weight.map { "\($0)" }, optional: true)
        for device in blockIO.weightDevice ?? [] {
            set(
                "blkio",
                "blkio.bfq.weight_device",
                device.weight.map { "\(device.major):\(device.minor) \($0)" },
                optional: true
            )
        }
        let throttles = [
            ("read_bps", blockIO.throttleReadBpsDevice),
            ("write_bps", blockIO.throttleWriteBpsDevice),
            ("read_iops", blockIO.throttleReadIOPSDevice),
            ("write_iops", blockIO.throttleWriteIOPSDevice),
        ]
        for (name, devices) in throttles {
            for device in devices ?? [] {
                set(
                    "blkio",
                    "blkio.throttle.\(name)_device",
                    "\(device.major):\(device.minor) \(device.rate)"
                )
            }
        }
    }
}

// Version 2. Source: kernel, `admin-guide/cgroup-v2.rst`.
extension CgroupSettings {
    init(v2 resources: RuntimeSpecification.Resources) {
        if let memory = resources.memory { add(v2: memory) }
        if let cpu = resources.cpu { add(v2: cpu) }
        if let limit = resources.pids?.limit {
            set("", "pids.max", limit > 0 ? "\(limit)" : "max")
        }
        if let blockIO = resources.blockIO { add(v2: blockIO) }
        for (file, value) in (resources.unified ?? [:]).sorted(by: { $0.key < $1.key }) {
            set("", file, value)
        }
    }

    private mutating func add(v2 memory: RuntimeSpecification.Memory) {
        let limit = memory.limit.map { $0 < 0 ? "max" : "\($0)" }
        set("", "memory.max", limit)
        set("", "memory.low", memory.reservation.map { $0 < 0 ? "max" : "\($0)" })
        guard let swap = memory.swap else { return }
        // Version 2 limits swap alone; the specification limits the sum of memory and swap.
        let alone = swap < 0 ? "max" : "\(max(0, swap - max(0, memory.limit ?? 0)))"
        set("", "memory.swap.max", alone, optional: true)
    }

    private mutating func add(v2 cpu: RuntimeSpecification.CPU) {
        set("", "cpu.weight", cpu.shares.flatMap(Self.weight).map { "\($0)" })
        if cpu.quota != nil || cpu.period != nil {
            let quota = cpu.quota.flatMap { $0 > 0 ? "\($0)" : nil } ?? "max"
            set("", "cpu.max", "\(quota) \(cpu.period ?? 100_000)")
        }
        set("", "cpuset.cpus", cpu.cpus)
        set("", "cpuset.mems", cpu.mems)
    }

    /// Converts 2…262144 shares to a weight of 1…10000; nil for 0, which means the default.
    static func weight(shares: UInt64) -> UInt64? {
        guard shares > 0 else { return nil }
        let shares = min(max(shares, 2), 262_144)
        return 1 + (shares - 2) * 9_999 / 262_142
    }

    /// Converts a block I/O weight of 10…1000 to one of 1…10000; nil for 0, the default.
    static func ioWeight(_ weight: UInt16) -> UInt64? {
        guard weight > 0 else { return nil }
        return 1 + (UInt64(min(max(weight, 10), 1_000)) - 10) * 9_999 / 990
    }

    private mutating func add(v2 blockIO: RuntimeSpecification.BlockIO) {
        // The BFQ scheduler has weights of its own, the kernel's cost model (io.weight) others. A
        // kernel may have either, both or neither.
        set("", "io.bfq.weight", blockIO.weight.map { "\($0)" }, optional: true)
        set("", "io.weight", blockIO.weight.flatMap(Self.ioWeight).map { "\($0)" }, optional: true)
        for device in blockIO.weightDevice ?? [] {
            set(
                "",
                "io.bfq.weight",
                device.weight.map { "\(device.major):\(device.minor) \($0)" },
                optional: true
            )
        }
        let throttles = [
            ("rbps", blockIO.throttleReadBpsDevice), ("wbps", blockIO.throttleWriteBpsDevice),
            ("riops", blockIO.throttleReadIOPSDevice), ("wiops", blockIO.throttleWriteIOPSDevice),
        ]
        for (name, devices) in throttles {
            for device in devices ?? [] {
                set("", "io.max", "\(device.major):\(device.minor) \(name)=\(device.rate)")
            }
        }
    }
}
