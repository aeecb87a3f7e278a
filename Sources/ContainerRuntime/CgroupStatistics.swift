import Linux
import SystemPackage

/// What the processes of a control group use.
public struct CgroupStatistics: Sendable, Equatable {
    /// Processor time used since the group was made.
    public var processorTime: Duration
    /// In bytes, without file contents that the kernel could drop at once.
    public var memory: UInt64
    /// In bytes; nil when there is no limit.
    public var memoryLimit: UInt64?
    public var processes: UInt64
    /// Bytes read from and written to block devices.
    public var blockRead: UInt64
    public var blockWritten: UInt64
}

extension Cgroup {
    /// Reads the group's counters.
    public func statistics() throws(RuntimeError) -> CgroupStatistics {
        let isV2 = hierarchy.version == .v2
        return try attempt(.cgroup) { () throws(SystemCallError) in
            let blocks = try isV2 ? blocksV2() : blocksV1()
            return CgroupStatistics(
                processorTime: try isV2 ? processorTimeV2() : processorTimeV1(),
                memory: try memory(isV2: isV2),
                memoryLimit: try memoryLimit(isV2: isV2),
                processes: try single("pids", "pids.current") ?? 0,
                blockRead: blocks.read,
                blockWritten: blocks.written
            )
        }
    }

    private func processorTimeV1() throws(SystemCallError) -> Duration {
        .nanoseconds(Int64(try single("cpuacct", "cpuacct.usage") ?? 0))
    }

    private func processorTimeV2() throws(SystemCallError) -> Duration {
        guard let file = directory("cpu")?.appending("cpu.stat") else { return .zero }
        return .microseconds(Int64(try Self.number("usage_usec", in: file) ?? 0))
    }

    private func memory(isV2: Bool) throws(SystemCallError) -> UInt64 {
        guard let directory = directory("memory") else { return 0 }
        let used = try single("memory", isV2 ? "memory.current" : "memory.usage_in_bytes") ?? 0
        let key = isV2 ? "inactive_file" : "total_inactive_file"
        let idle = try Self.number(key, in: directory.appending("memory.stat")) ?? 0
        return used > idle ? used - idle : 0
    }

    private func memoryLimit(isV2: Bool) throws(SystemCallError) -> UInt64? {
        let limit = try single("memory", isV2 ? "memory.max" : "memory.limit_in_bytes")
        // Version 1 has no word for "no limit" but the largest number of whole pages.
        return limit.flatMap { $0 >= 1 << 62 ? nil : $0 }
    }

    private func single(_ controller: String, _ file: String) throws(SystemCallError) -> UInt64? {
        guard let path = directory(controller)?.appending(file), FileSystem.exists(path) else {
            return nil
        }
        return UInt64(try FileSystem.readText(path).filter { $0 != "\n" })
    }

    private func blocksV1() throws(SystemCallError) -> (read: UInt64, written: UInt64) {
        let name = "blkio.throttle.io_service_bytes_recursive"
        guard let file = directory("blkio")?.appending(name), FileSystem.exists(file) else {
            return (0, 0)
        }
        var sums: [Substring: UInt64] = [:]
        for line in try FileSystem.readText(file).split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 3, let bytes = UInt64(words[2]) else { continue }
            sums[words[1], default: 0] += bytes
        }
        return (sums["Read"] ?? 0, sums["Write"] ?? 0)
    }

    private func blocksV2() throws(SystemCallError) -> (read: UInt64, written: UInt64) {
        guard let file = directory("io")?.appending("io.stat"), FileSystem.exists(file) else {
            return (0, 0)
        }
        var sums: [Substring: UInt64] = [:]
        for word in try FileSystem.readText(file).split(whereSeparator: { " \n".contains($0) }) {
            let pair = word.split(separator: "=")
            guard pair.count == 2, let bytes = UInt64(pair[1]) else { continue }
            sums[pair[0], default: 0] += bytes
        }
        return (sums["rbytes"] ?? 0, sums["wbytes"] ?? 0)
    }
}
