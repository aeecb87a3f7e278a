import ArgumentParser
import Linux
import Orchestrator

struct Stats: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Show what containers use, again and again."
    )

    @Flag(name: .shortAndLong, help: "Also containers that do not run.")
    var all = false

    @Option(help: "table, table TEMPLATE, json (one object a line), or a Go template.")
    var format = "table"

    @Flag(help: "One sample, then end.")
    var noStream = false

    @Flag(help: "Full IDs.")
    var noTrunc = false

    @Argument(help: "The service; all of them if none is named.", completion: .runningServices)
    var service: String?

    func run(in session: Session) throws -> Int32 {
        let format = try ListFormat(format)
        let project = try session.projectReference(naming: service.map { [$0] } ?? [])
        let store = ContainerStore(session.paths)
        let screen = Screen(session.output)
        let signal = try UsageReader(session.paths).follow(
            {
                try store.containers(of: project.name).filter { container in
                    (all || container.isRunning)
                        && (service == nil || container.record.service == service)
                }
            },
            isOnce: noStream,
            show: { containers, usages in
                let list = FormattedList(
                    containers.map { UsageListing($0, usages[$0.id], isCut: !noTrunc) },
                    headings: UsageListing.headings,
                    columns: UsageListing.columns
                )
                screen.show(try format.lines(list), replacing: !noStream)
            }
        )
        return signal.map { 128 + $0.rawValue } ?? 0
    }
}

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

    /// Dashes where nothing is known yet.
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

/// Sizes with as many digits as docker shows. Source: docker/go-units, `%.4g` and `%.3g`.
enum UsageSize {
    /// `1.5MiB`, four digits.
    static func binary(_ bytes: UInt64) -> String {
        text(bytes, base: 1024, digits: 4, ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"])
    }

    /// `1.57MB`, three digits.
    static func decimal(_ bytes: UInt64) -> String {
        text(bytes, base: 1000, digits: 3, ["B", "kB", "MB", "GB", "TB", "PB", "EB"])
    }

    private static func text(
        _ bytes: UInt64,
        base: Double,
        digits: Int,
        _ units: [String]
    ) -> String {
        var (value, unit) = (Double(bytes), 0)
        while value >= base, unit + 1 < units.count {
            value /= base
            unit += 1
        }
        let whole = String(Int(value)).count
        var number = fixed(value, places: max(0, digits - whole))
        if number.contains(".") {
            while number.last == "0" { number.removeLast() }
            if number.last == "." { number.removeLast() }
        }
        return number + units[unit]
    }

    /// `value` rounded to so many places after the point.
    static func fixed(_ value: Double, places: Int) -> String {
        let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = (value * scale).rounded()
        guard places > 0 else { return String(Int(scaled)) }
        let (whole, part) = Int(scaled).quotientAndRemainder(dividingBy: Int(scale))
        let digits = String(part)
        return "\(whole).\(String(repeating: "0", count: places - digits.count))\(digits)"
    }
}
