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
                because: capabilities.hasControlGroups
                    ? "this kernel does not support realtime limits of control groups"
                    : "requires control groups, which an ordinary user may not change; run the "
                        + "command as root"
            )
        }
        try checkReplicas()
        try checkPorts()
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

    /// The number of containers is limited by the ports and addresses of the host.
    private func checkReplicas() throws {
        guard service.replicas > 65_535 else { return }
        let path = service.scale != nil ? ["scale"] : ["deploy", "replicas"]
        throw OrchestratorError.unsupported(
            place(path),
            reason: "\(service.replicas) is out of range; use 0 to 65535"
        )
    }

    private func checkPorts() throws {
        for (index, port) in service.ports.enumerated() {
            guard let text = port.published, !text.isEmpty else { continue }
            let ports = port.publishedRange
            guard ports.map({ $0.upperBound <= 65_535 }) ?? (text == "0") else {
                try reject(
                    "ports",
                    String(index),
                    because: "the host port '\(text)' must be 1 to 65535, or a range"
                )
            }
        }
        for (index, text) in service.expose.enumerated() {
            let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
            let bounds = (parts.first ?? "").split(separator: "-").map { UInt16($0) ?? 0 }
            let isTransport = parts.count < 2 || ["tcp", "udp", "sctp"].contains(parts[1])
            guard (1...2).contains(bounds.count), !bounds.contains(0), isTransport else {
                try reject(
                    "expose",
                    String(index),
                    because:
                        "'\(text)' must be a port from 1 to 65535, or a range, with /tcp or /udp"
                )
            }
        }
        for (key, references) in [("configs", service.configs), ("secrets", service.secrets)] {
            for (index, reference) in references.enumerated() {
                guard let mode = reference.mode, !(0...0o7777).contains(mode) else { continue }
                try reject(
                    key,
                    String(index),
                    "mode",
                    because: "\(mode) is out of range; use octal digits up to 7777"
                )
            }
        }
    }

    private func checkProcessors() throws {
        let counts = [
            (["cpus"], service.cpus),
            (["deploy", "resources", "limits", "cpus"], service.deploy?.limits?.cpus),
        ]
        for (path, count) in counts {
            guard let count, !(0.01...1_000_000).contains(count) else { continue }
            throw OrchestratorError.unsupported(
                place(path),
                reason: "\(count) is out of range; use 0.01 to 1000000"
            )
        }
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
