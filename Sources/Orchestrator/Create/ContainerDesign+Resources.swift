import ComposeFile
import Linux
import Notation
import OCI
import SystemPackage

extension ContainerDesign {
    /// The limits of the control group.
    func resources() throws -> RuntimeSpecification.Resources {
        var resources = RuntimeSpecification.Resources()
        resources.memory = memory
        resources.cpu = processor
        let processes = service.pidsLimit ?? service.deploy?.limits?.pids
        resources.pids = processes.flatMap { $0 == 0 ? nil : .init(limit: $0) }
        resources.blockIO = try service.blockIO.map(blockIO)
        return resources
    }

    private var memory: RuntimeSpecification.Memory? {
        var memory = RuntimeSpecification.Memory()
        memory.limit = (service.memoryLimit ?? service.deploy?.limits?.memory)?.bytes
        memory.reservation =
            (service.memoryReservation ?? service.deploy?.reservations?.memory)?.bytes
        // As much swap as memory unless set.
        memory.swap =
            service.memorySwapLimit?.bytes
            ?? memory.limit.map { $0 > 0 ? $0.addingSaturated($0) : $0 }
        memory.swappiness = service.memorySwappiness.map { UInt64(clamping: $0) }
        if service.disablesOOMKill { memory.disableOOMKiller = true }
        return memory == RuntimeSpecification.Memory() ? nil : memory
    }

    private var processor: RuntimeSpecification.CPU? {
        var cpu = RuntimeSpecification.CPU()
        cpu.shares = service.cpuShares.flatMap { $0 > 0 ? UInt64($0) : nil }
        cpu.cpus = service.cpuset
        if let count = service.cpus ?? service.deploy?.limits?.cpus, count > 0 {
            cpu.period = 100_000
            // Far above any number of CPUs and below the kernel's limit on quotas.
            cpu.quota = Int64((Double(min(count, 1e6)) * 100_000).rounded())
        } else {
            cpu.period = service.cpuPeriod.flatMap { $0 > 0 ? UInt64($0) : nil }
            cpu.quota = service.cpuQuota.flatMap { $0 == 0 ? nil : $0 }
        }
        cpu.realtimePeriod = service.cpuRealtimePeriod.flatMap { $0 > 0 ? UInt64($0) : nil }
        cpu.realtimeRuntime = service.cpuRealtimeRuntime.flatMap { $0 == 0 ? nil : $0 }
        return cpu == RuntimeSpecification.CPU() ? nil : cpu
    }

    private func blockIO(_ limits: BlockIO) throws -> RuntimeSpecification.BlockIO {
        var result = RuntimeSpecification.BlockIO()
        result.weight = limits.weight
        result.weightDevice = try limits.deviceWeights.map { device in
            let node = try node(device.path)
            return .init(major: Int64(node.major), minor: Int64(node.minor), weight: device.weight)
        }
        result.throttleReadBpsDevice = try limits.readBytes.map(throttle)
        result.throttleWriteBpsDevice = try limits.writeBytes.map(throttle)
        result.throttleReadIOPSDevice = try limits.readOperations.map(throttle)
        result.throttleWriteIOPSDevice = try limits.writeOperations.map(throttle)
        return result
    }

    private func throttle(
        _ device: BlockIO.DeviceRate
    ) throws -> RuntimeSpecification.ThrottleDevice {
        let node = try node(device.path)
        return .init(
            major: Int64(node.major),
            minor: Int64(node.minor),
            rate: UInt64(clamping: device.rate.bytes)
        )
    }

    private func node(_ path: String) throws -> DeviceNumber {
        let status = try FileSystem.status(of: FilePath(path))
        guard status.kind == .blockDevice || status.kind == .characterDevice else {
            throw OrchestratorError.invalidValue(
                service.place(of: "blkio_config"),
                value: path,
                wanted: "a device node"
            )
        }
        return status.node
    }
}
