import ComposeFile
import Linux
import Notation
import SystemPackage

extension ServiceValidator {
    func checkLimits() throws {
        try checkMemory()
        if service.cpuRealtimeRuntime ?? 0 != 0 || service.cpuRealtimePeriod ?? 0 != 0,
            !capabilities.hasRealtimeLimits
        {
            try reject(
                service.cpuRealtimeRuntime ?? 0 != 0 ? "cpu_rt_runtime" : "cpu_rt_period",
                because: "this kernel does not support realtime limits of control groups"
            )
        }
        try checkProcessors()
        try checkBlockDevices()
        if let swappiness = service.memorySwappiness, !(-1...100).contains(swappiness) {
            try reject("mem_swappiness", because: "\(swappiness) is not between 0 and 100")
        }
        if let size = service.shmSize, size.bytes < 0 {
            try reject("shm_size", because: "must not be negative")
        }
        for (name, limit) in service.ulimits {
            let (soft, hard) = (UInt64(bitPattern: limit.soft), UInt64(bitPattern: limit.hard))
            guard soft > hard else { continue }
            try reject(
                "ulimits",
                name,
                because: "soft limit \(limit.soft) exceeds hard limit \(limit.hard)"
            )
        }
    }

    private func checkProcessors() throws {
        guard let set = service.cpuset, !set.isEmpty else { return }
        let (wanted, known) = (ProcessorSet(set)?.numbers, capabilities.processors.numbers)
        if let wanted, known.isEmpty || wanted.isSubset(of: known) { return }
        try reject(
            "cpuset",
            because: "'\(set)' is not a set of processors of this host, such as 0 or 0-1,3"
        )
    }

    private func checkBlockDevices() throws {
        guard let limits = service.blockIO else { return }
        let devices: [(key: String, paths: [String])] = [
            ("weight_device", limits.deviceWeights.map(\.path)),
            ("device_read_bps", limits.readBytes.map(\.path)),
            ("device_write_bps", limits.writeBytes.map(\.path)),
            ("device_read_iops", limits.readOperations.map(\.path)),
            ("device_write_iops", limits.writeOperations.map(\.path)),
        ]
        for (key, paths) in devices {
            for (index, path) in paths.enumerated() {
                // A path that cannot be examined is not a block device either.
                let kind = try? FileSystem.status(of: FilePath(path)).kind
                if kind == .blockDevice { continue }
                try reject(
                    "blkio_config",
                    key,
                    String(index),
                    because: "'\(path)' is not a block device of this host"
                )
            }
        }
    }

    private func checkMemory() throws {
        let least: Int64 = 6 << 20
        let limit = (service.memoryLimit ?? service.deploy?.limits?.memory)?.bytes ?? 0
        let reservation =
            (service.memoryReservation ?? service.deploy?.reservations?.memory)?.bytes ?? 0
        let both = service.memorySwapLimit?.bytes ?? 0
        let limitPath =
            service.memoryLimit != nil
            ? ["mem_limit"] : ["deploy", "resources", "limits", "memory"]
        if limit > 0, limit < least {
            throw OrchestratorError.unsupported(
                place(limitPath),
                reason: "the minimum memory limit is 6m"
            )
        }
        if limit > 0, reservation > limit {
            throw OrchestratorError.unsupported(
                place(limitPath),
                reason: "the memory limit is below the memory reservation"
            )
        }
        if both > 0, limit <= 0 {
            try reject(
                "memswap_limit",
                because: "requires a memory limit; add 'mem_limit'"
            )
        }
        if both > 0, both < limit {
            try reject(
                "memswap_limit",
                because: "it includes memory, so it must be at least 'mem_limit'"
            )
        }
    }
}
