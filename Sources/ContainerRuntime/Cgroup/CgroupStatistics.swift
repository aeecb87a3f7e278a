import Linux
import SystemPackage

/// The resource usage of the processes in a control group.
public struct CgroupStatistics: Sendable, Equatable {
    /// Processor time used since the group was created.
    public var processorTime: Duration
    /// In bytes, without inactive page cache, which the kernel can drop at once.
    public var memory: UInt64
    /// In bytes; nil without a limit.
    public var memoryLimit: UInt64?
    public var processes: UInt64
    /// Bytes read from and written to block devices.
    public var blockRead: UInt64
    public var blockWritten: UInt64
}

extension Cgroup {
    /// Reads the group's counters; throws `ENOENT` after the group has been removed.
    public func statistics() throws(RuntimeError) -> CgroupStatistics {
        try RuntimeError.during(.cgroup, hierarchy.version == .v2 ? statisticsV2() : statisticsV1())
    }

    private func statisticsV1() throws(SystemCallError) -> CgroupStatistics {
        let memory = try text("memory", "memory.stat") ?? ""
        let used = try number("memory", "memory.usage_in_bytes") ?? 0
        // Which of the kernel's two files is recursive depends on its version; the other is empty.
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

    /// Reads a file of the group; nil when the kernel does not provide it.
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

/// Parsers for the contents of control group files.
///
/// Source: kernel, `admin-guide/cgroup-v1` and `admin-guide/cgroup-v2.rst`.
enum CgroupText {
    /// Returns the number after `key` in lines of the form "key number".
    static func number(_ key: String, in text: String) -> UInt64? {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2 && words[0] == key { return UInt64(words[1]) }
        }
        return nil
    }

    /// Subtracts the inactive page cache from the memory used.
    static func memory(_ used: UInt64, idle: UInt64?) -> UInt64 {
        let idle = idle ?? 0
        return used > idle ? used - idle : 0
    }

    /// Parses a limit in bytes; nil for none, which version 1 writes as a very large number.
    static func limit(_ text: String?) -> UInt64? {
        text.flatMap { UInt64($0.filter { $0 != "\n" }) }.flatMap { $0 >= 1 << 62 ? nil : $0 }
    }

    /// Sums the bytes of all devices, from lines such as "8:0 Read 4096".
    static func blocksV1(_ text: String) -> (read: UInt64, written: UInt64) {
        var sums: [Substring: UInt64] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 3, let bytes = UInt64(words[2]) else { continue }
            sums[words[1], default: 0] &+= bytes
        }
        return (sums["Read"] ?? 0, sums["Write"] ?? 0)
    }

    /// Sums the bytes of all devices, from lines such as "8:0 rbytes=4096 wbytes=0 rios=1 …".
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
