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
    /// Reads the group's counters; throws `ENOENT` once the group is gone.
    public func statistics() throws(RuntimeError) -> CgroupStatistics {
        try attempt(.cgroup) { () throws(SystemCallError) in
            hierarchy.version == .v2 ? try statisticsV2() : try statisticsV1()
        }
    }

    private func statisticsV1() throws(SystemCallError) -> CgroupStatistics {
        let memory = try text("memory", "memory.stat") ?? ""
        let used = try number("memory", "memory.usage_in_bytes") ?? 0
        // Which of the two is recursive differs between kernels; the other one is empty.
        let blocks = try text("blkio", "blkio.throttle.io_service_bytes_recursive") ?? ""
        let (read, written) = CgroupText.blocksV1(blocks)
        return CgroupStatistics(
            processorTime: .nanoseconds(
                Int64(clamping: try number("cpuacct", "cpuacct.usage") ?? 0)
            ),
            memory: CgroupText.memory(
                used,
                idle: CgroupText.number("total_inactive_file", in: memory)
            ),
            memoryLimit: CgroupText.limit(try text("memory", "memory.limit_in_bytes")),
            processes: try number("pids", "pids.current") ?? 0,
            blockRead: read,
            blockWritten: written
        )
    }

    private func statisticsV2() throws(SystemCallError) -> CgroupStatistics {
        let processor = try text("", "cpu.stat") ?? ""
        let memory = try text("", "memory.stat") ?? ""
        let used = try number("", "memory.current") ?? 0
        let (read, written) = CgroupText.blocksV2(try text("", "io.stat") ?? "")
        return CgroupStatistics(
            processorTime: .microseconds(
                Int64(clamping: CgroupText.number("usage_usec", in: processor) ?? 0)
            ),
            memory: CgroupText.memory(used, idle: CgroupText.number("inactive_file", in: memory)),
            memoryLimit: CgroupText.limit(try text("", "memory.max")),
            processes: try number("", "pids.current") ?? 0,
            blockRead: read,
            blockWritten: written
        )
    }

    /// Nil when the kernel has no such file.
    private func text(_ controller: String, _ file: String) throws(SystemCallError) -> String? {
        guard let directory = directory(controller) else { return nil }
        let path = directory.appending(file)
        if !FileSystem.exists(path), FileSystem.exists(directory) { return nil }
        return try FileSystem.readText(path)
    }

    private func number(_ controller: String, _ file: String) throws(SystemCallError) -> UInt64? {
        try text(controller, file).flatMap { UInt64($0.filter { $0 != "\n" }) }
    }
}

/// What the kernel writes into the files of control groups.
///
/// Source: kernel, `admin-guide/cgroup-v1` and `admin-guide/cgroup-v2.rst`.
enum CgroupText {
    /// The number after `key` in lines of "key number".
    static func number(_ key: String, in text: String) -> UInt64? {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2 && words[0] == key { return UInt64(words[1]) }
        }
        return nil
    }

    /// What is used, without what could be dropped at once.
    static func memory(_ used: UInt64, idle: UInt64?) -> UInt64 {
        let idle = idle ?? 0
        return used > idle ? used - idle : 0
    }

    /// A limit in bytes; nil for none, which version 1 tells by the largest number of pages.
    static func limit(_ text: String?) -> UInt64? {
        text.flatMap { UInt64($0.filter { $0 != "\n" }) }.flatMap { $0 >= 1 << 62 ? nil : $0 }
    }

    /// Sums over all devices, from lines of "8:0 Read 4096".
    static func blocksV1(_ text: String) -> (read: UInt64, written: UInt64) {
        var sums: [Substring: UInt64] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 3, let bytes = UInt64(words[2]) else { continue }
            sums[words[1], default: 0] &+= bytes
        }
        return (sums["Read"] ?? 0, sums["Write"] ?? 0)
    }

    /// Sums over all devices, from lines of "8:0 rbytes=4096 wbytes=0 rios=1 …".
    static func blocksV2(_ text: String) -> (read: UInt64, written: UInt64) {
        var sums: [Substring: UInt64] = [:]
        for word in text.split(whereSeparator: { " \n".contains($0) }) {
            let pair = word.split(separator: "=")
            guard pair.count == 2, let bytes = UInt64(pair[1]) else { continue }
            sums[pair[0], default: 0] &+= bytes
        }
        return (sums["rbytes"] ?? 0, sums["wbytes"] ?? 0)
    }
}
