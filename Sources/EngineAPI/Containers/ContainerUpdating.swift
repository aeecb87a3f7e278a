import Orchestrator

extension Engine {
    private static let updateFields: Set<String> = [
        "CpuShares", "CpuPeriod", "CpuQuota", "CpusetCpus", "CpusetMems", "Memory",
        "MemoryReservation", "MemorySwap", "NanoCpus", "PidsLimit", "RestartPolicy",
    ]

    /// `POST /containers/{id}/update`.
    func updateContainer(_ request: Request, _ response: Response) async throws {
        let container = try container(request.parameter("id"))
        var asked = try await request.document()
        // An earlier spelling, which Go's decoder accepts too.
        if !asked["NanoCPUs"].isNull {
            asked["NanoCpus"] = asked["NanoCPUs"]
            asked["NanoCPUs"] = nil
        }
        for (key, value) in asked.object.sorted(by: { $0.key < $1.key })
        where !Self.updateFields.contains(key) && !value.isZero {
            throw EngineError.unsupported(key, "this setting of a container cannot be updated")
        }
        var document = requestDocument(of: container.record)
        var settings = document["HostConfig"]
        for (key, value) in asked.object where !value.isZero { settings[key] = value }
        let limits = ContainerLimits(settings)
        try limits.check()
        var update = ContainerLimits(asked).update
        // A new memory limit alone leaves the limit on swap, which includes it.
        if update.memory != nil { update.memorySwap = limits.update.memorySwap }
        update.restart = try restart(asked["RestartPolicy"], of: container.record)
        if !document.isNull {
            document["HostConfig"] = settings
            update.document = document.bytes
        }
        try await change(of: container.record.project).update(container: container.id, update)
        try await response.send(["Warnings": nil])
    }

    private func restart(
        _ policy: JSON,
        of record: ContainerRecord
    ) throws(EngineError) -> RestartRule? {
        guard let name = policy["Name"].string, !name.isEmpty else { return nil }
        let limit = Int(policy["MaximumRetryCount"].integer ?? 0)
        guard let rule = RestartRule(name: name, limit: limit) else {
            throw .badRequest("invalid restart policy '\(name)'")
        }
        if rule != .never, record.removesItself {
            throw .badRequest(
                "Restart policy cannot be updated because AutoRemove is enabled for the container"
            )
        }
        return rule
    }
}

extension RestartRule {
    /// The rule of the Engine API with this name; nil if there is none.
    init?(name: String, limit: Int) {
        switch name {
        case "no": self = .never
        case "always": self = .always
        case "unless-stopped": self = .unlessStopped
        case "on-failure": self = .onFailure(limit: max(0, limit))
        default: return nil
        }
    }
}

/// The limits in a document of the Engine API, checked by Docker's rules.
///
/// Source: moby, `daemon/daemon_unix.go`, on resources.
struct ContainerLimits {
    /// The smallest memory limit, in bytes.
    private static let smallestMemory: Int64 = 6_291_456

    private let settings: JSON

    init(_ settings: JSON) { self.settings = settings }

    private func number(_ key: String) -> Int64? {
        settings[key].integer.flatMap { $0 == 0 ? nil : $0 }
    }

    private var memory: Int64? { number("Memory") }
    /// As much swap as memory unless set.
    var memorySwap: Int64? {
        number("MemorySwap") ?? memory.map { $0.multipliedReportingOverflow(by: 2).partialValue }
    }

    var update: ContainerUpdate {
        var update = ContainerUpdate()
        update.memory = memory
        update.memorySwap = memorySwap
        update.memoryReservation = number("MemoryReservation")
        update.shares = number("CpuShares").map { UInt64(clamping: $0) }
        if let count = number("NanoCpus") {
            (update.period, update.quota) = (100_000, count / 10_000)
        } else {
            update.period = number("CpuPeriod").map { UInt64(clamping: $0) }
            update.quota = number("CpuQuota")
        }
        update.processors = settings["CpusetCpus"].string.flatMap { $0.isEmpty ? nil : $0 }
        update.memoryNodes = settings["CpusetMems"].string.flatMap { $0.isEmpty ? nil : $0 }
        update.processes = number("PidsLimit")
        return update
    }

    func check() throws(EngineError) {
        if let memory {
            guard memory >= Self.smallestMemory else {
                throw .badRequest("Minimum memory limit allowed is 6MB")
            }
            if let swap = memorySwap, swap > 0, swap < memory {
                throw .badRequest(
                    "Minimum memoryswap limit should be larger than memory limit, see usage"
                )
            }
        } else if let swap = number("MemorySwap"), swap > 0 {
            throw .badRequest(
                "You should always set the Memory limit when using Memoryswap limit, see usage"
            )
        }
        if let memory, let reservation = number("MemoryReservation"), memory < reservation {
            throw .badRequest(
                "Minimum memory limit can not be less than memory reservation limit, see usage"
            )
        }
        if let count = number("NanoCpus") {
            for (key, words) in [("CpuPeriod", "CPU Period"), ("CpuQuota", "CPU Quota")]
            where number(key) != nil {
                throw .badRequest(
                    "Conflicting options: Nano CPUs and \(words) cannot both be set."
                )
            }
            guard count > 0 else { throw .badRequest("invalid value of NanoCpus: \(count)") }
        }
        if let period = number("CpuPeriod"), !(1_000...1_000_000).contains(period) {
            throw .badRequest(
                "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)"
            )
        }
        if let quota = number("CpuQuota"), quota > 0, quota < 1_000 {
            throw .badRequest("CPU cfs quota can not be less than 1ms (i.e. 1000)")
        }
    }
}
