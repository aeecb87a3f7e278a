import ContainerRuntime
import Linux
import OCI
import Orchestrator
import SystemPackage

extension Engine {
    /// `GET /containers/{id}/stats`.
    func statistics(_ request: Request, _ response: Response) async throws {
        let container = try container(request.parameter("id"))
        let isStream = request.query.flag("stream", default: true)
        var earlier: JSON = .null
        if !isStream {
            if !request.query.flag("one-shot"), container.isRunning {
                earlier = try sample(container)
                try await Task.sleep(for: .seconds(1))
            }
            return try await response.send(Self.joined(try sample(container), earlier))
        }
        let body = try await response.stream()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    var earlier: JSON = .null
                    while !Task.isCancelled {
                        let current = try self.container(container.id)
                        let sample = try self.sample(current)
                        try await body.write(Self.joined(sample, earlier))
                        earlier = sample
                        try await Task.sleep(for: .seconds(1))
                    }
                } catch {
                    // The container has been removed, or the client is gone.
                }
            }
            group.addTask { await request.input.end() }
            await group.next()
            group.cancelAll()
        }
        try await body.end()
    }

    private static func joined(_ sample: JSON, _ earlier: JSON) -> JSON {
        var document = sample
        document["precpu_stats"] =
            earlier.isNull ? ["cpu_usage": ["total_usage": 0]] : earlier["cpu_stats"]
        document["preread"] = earlier.isNull ? .string(Timestamp.goZeroText) : earlier["read"]
        return document
    }

    /// The counters of one moment; zeros for a container that is not running.
    private func sample(_ container: ExistingContainer) throws -> JSON {
        let record = container.record
        var document: JSON = [
            "name": .string("/\(record.name)"), "id": .string(record.id), "num_procs": 0,
            "read": .string(Timestamp.goZeroText), "pids_stats": [:], "storage_stats": [:],
            "blkio_stats": ["io_service_bytes_recursive": nil], "memory_stats": [:],
            "cpu_stats": ["cpu_usage": ["total_usage": 0]],
        ]
        guard container.isRunning, let pid = container.state.pid else { return document }
        let cgroup = try Cgroup(of: pid, in: CgroupHierarchy.discover())
        // The container may exit at this moment.
        guard let counters = try? cgroup.statistics() else { return document }
        let total = counters.processorTime.nanosecondsClamped
        let count = Self.processors()
        document["read"] = .string(Timestamp.now.nineDigits)
        document["cpu_stats"] = [
            "cpu_usage": [
                "total_usage": .integer(total), "usage_in_kernelmode": 0, "usage_in_usermode": 0,
            ], "system_cpu_usage": .integer(try Self.systemTime()), "online_cpus": JSON(count),
            "throttling_data": ["periods": 0, "throttled_periods": 0, "throttled_time": 0],
        ]
        let total2 =
            try FileSystem.readText("/proc/meminfo").split(separator: "\n").first
            .flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int64($0) } ?? 0
        document["memory_stats"] = [
            "usage": JSON(counters.memory),
            "stats": ["inactive_file": 0, "total_inactive_file": 0],
            "limit": .integer(
                min(counters.memoryLimit.map { Int64(clamping: $0) } ?? .max, total2 * 1024)
            ),
        ]
        document["pids_stats"] = ["current": JSON(counters.processes)]
        document["blkio_stats"] = [
            "io_service_bytes_recursive": [
                ["major": 0, "minor": 0, "op": "read", "value": JSON(counters.blockRead)],
                ["major": 0, "minor": 0, "op": "write", "value": JSON(counters.blockWritten)],
            ]
        ]
        if case .attached = record.network, let traffic = try? InterfaceTraffic(seenBy: pid) {
            document["networks"] = [
                "eth0": [
                    "rx_bytes": JSON(traffic.received), "tx_bytes": JSON(traffic.sent),
                    "rx_packets": 0, "rx_errors": 0, "rx_dropped": 0, "tx_packets": 0,
                    "tx_errors": 0, "tx_dropped": 0,
                ]
            ]
        }
        return document
    }

    /// The time of all processors, idle time included, in nanoseconds. Source: proc_stat(5).
    private static func systemTime() throws -> Int64 {
        let line = try FileSystem.readText("/proc/stat").split(separator: "\n").first ?? ""
        let ticks = line.split(separator: " ").dropFirst().prefix(8).compactMap { Int64($0) }
        return ticks.reduce(0, +) * 10_000_000
    }

    /// `GET /containers/{id}/top`.
    func top(_ request: Request, _ response: Response) async throws {
        let container = try container(request.parameter("id"))
        guard container.isRunning, let pid = container.state.pid else {
            throw EngineError.conflict("container \(container.id) is not running")
        }
        let processes = try Cgroup(of: pid, in: CgroupHierarchy.discover()).processes().sorted()
        let arguments = request.query["ps_args"]?.split(separator: " ").map(String.init) ?? []
        guard arguments.isEmpty || arguments == ["-ef"] else {
            let table = try await ProcessListing.run(arguments, keeping: Set(processes))
            return try await response.send([
                "Titles": JSON(table.titles), "Processes": .array(table.rows.map { JSON($0) }),
            ])
        }
        let rows = try ProcessRows()
        try await response.send([
            "Titles": ["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"],
            "Processes": .array(processes.compactMap(rows.row).map { JSON($0) }),
        ])
    }
}
