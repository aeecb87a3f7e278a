import Orchestrator

/// A container as `stats` shows it.
struct UsageListing: Encodable {
    var blockIO = "--"
    var processor = "--"
    var id: String
    var memoryPercentage = "--"
    var memoryUsage = "-- / --"
    var name: String
    var networkIO = "--"
    var processes = "--"

    enum CodingKeys: String, CodingKey {
        case blockIO = "BlockIO"
        case processor = "CPUPerc"
        case container = "Container"
        case id = "ID"
        case memoryPercentage = "MemPerc"
        case memoryUsage = "MemUsage"
        case name = "Name"
        case networkIO = "NetIO"
        case processes = "PIDs"
    }

    static let columns = [
        "ID", "Name", "CPUPerc", "MemUsage", "MemPerc", "NetIO", "BlockIO", "PIDs",
    ]
    static let headings = [
        "ID": "CONTAINER ID", "Container": "CONTAINER", "Name": "NAME", "CPUPerc": "CPU %",
        "MemUsage": "MEM USAGE / LIMIT", "MemPerc": "MEM %", "NetIO": "NET I/O",
        "BlockIO": "BLOCK I/O", "PIDs": "PIDS",
    ]

    /// Dashes stand for values not yet known.
    init(_ container: ExistingContainer, _ usage: ContainerUsage?, isCut: Bool) {
        id = isCut ? String(container.id.prefix(12)) : container.id
        name = container.record.name
        guard let usage else { return }
        blockIO = Self.pair(usage.blockRead, usage.blockWritten)
        processor = Self.percentage(usage.processorPercentage)
        memoryPercentage = Self.percentage(usage.memoryPercentage)
        memoryUsage =
            "\(UsageSize.binary(usage.memory)) / \(UsageSize.binary(usage.memoryLimit))"
        networkIO = Self.pair(usage.received, usage.sent)
        processes = String(usage.processes)
    }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: CodingKeys.self)
        try json.encode(blockIO, forKey: .blockIO)
        try json.encode(processor, forKey: .processor)
        try json.encode(id, forKey: .container)
        try json.encode(id, forKey: .id)
        try json.encode(memoryPercentage, forKey: .memoryPercentage)
        try json.encode(memoryUsage, forKey: .memoryUsage)
        try json.encode(name, forKey: .name)
        try json.encode(networkIO, forKey: .networkIO)
        try json.encode(processes, forKey: .processes)
    }

    private static func pair(_ one: UInt64, _ other: UInt64) -> String {
        "\(UsageSize.decimal(one)) / \(UsageSize.decimal(other))"
    }

    private static func percentage(_ value: Double) -> String {
        UsageSize.fixed(value, places: 2) + "%"
    }
}
