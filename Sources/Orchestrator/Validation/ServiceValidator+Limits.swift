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
            try refuse(
                service.cpuRealtimeRuntime ?? 0 != 0 ? "cpu_rt_runtime" : "cpu_rt_period",
                because: "this kernel has no realtime limits for control groups"
            )
        }
        try checkProcessors()
        try checkBlockDevices()
        if let swappiness = service.memorySwappiness, !(-1...100).contains(swappiness) {
            try refuse("mem_swappiness", because: "\(swappiness) is not from 0 to 100")
        }
        if let size = service.shmSize, size.bytes < 0 {
            try refuse("shm_size", because: "\(size.bytes) is less than nothing")
        }
        for (name, limit) in service.ulimits {
            let (soft, hard) = (UInt64(bitPattern: limit.soft), UInt64(bitPattern: limit.hard))
            guard soft > hard else { continue }
            try refuse(
                "ulimits",
                name,
                because: "the soft limit \(limit.soft) is above the hard one, \(limit.hard)"
            )
        }
    }

    private func checkProcessors() throws {
        guard let set = service.cpuset, !set.isEmpty else { return }
        let (wanted, known) = (ProcessorSet(set)?.numbers, capabilities.processors.numbers)
        if let wanted, known.isEmpty || wanted.isSubset(of: known) { return }
        try refuse(
            "cpuset",
            because: "'\(set)' is no set of this machine's processors, such as 0 or 0-1,3"
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
                // One that cannot be looked at is none either.
                let kind = try? FileSystem.status(of: FilePath(path)).kind
                if kind == .blockDevice { continue }
                try refuse(
                    "blkio_config",
                    key,
                    String(index),
                    because: "'\(path)' is no block device of this machine"
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
                reason: "a container needs at least 6m of memory"
            )
        }
        if limit > 0, reservation > limit {
            throw OrchestratorError.unsupported(
                place(limitPath),
                reason: "the limit of memory is below what is reserved"
            )
        }
        if both > 0, limit <= 0 {
            try refuse(
                "memswap_limit",
                because: "memory and swap together are limited only along with memory; add "
                    + "'mem_limit'"
            )
        }
        if both > 0, both < limit {
            try refuse(
                "memswap_limit",
                because: "it counts memory and swap together, and so is at least 'mem_limit'"
            )
        }
    }
}
