import ArgumentParser
import Orchestrator

struct SystemPrune: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Remove stopped containers and unused networks, images and build cache."
    )

    @Flag(
        name: .shortAndLong,
        help: "Remove all images that no container uses, not just dangling ones."
    )
    var all = false

    @OptionGroup var options: PruneOptions

    @Option(
        help: """
            Remove only containers and networks with label=NAME[=VALUE], without \
            label!=NAME[=VALUE], or created before until=TIME, and nothing else; repeatable.
            """
    )
    var filter: [String] = []

    @Flag(help: "Remove unused anonymous volumes too.")
    var volumes = false

    func validate() throws {
        guard !filter.isEmpty else { return }
        if all { throw CommandError.incompatible("--filter", "--all") }
        if volumes { throw CommandError.incompatible("--filter", "--volumes") }
    }

    func run(in session: Session) async throws -> Int32 {
        let host = try session.openHostToChange()
        var prune = SystemCleanup()
        (prune.removesNamedImages, prune.removesVolumes) = (all, volumes)
        if !filter.isEmpty {
            let filter = try ResourceFilter(filter, accepting: [.label, .withoutLabel, .until])
            prune.filter = { filter.accepts(labels: $0) && filter.accepts(created: $1) }
        }
        try options.confirm(warning, in: session)
        let report = try await prune.run(
            on: host,
            session: { session.withoutProgress().projectSession($0) },
            warn: { session.warn("\($0)") }
        )
        Output.section("Deleted Containers:", report.containers)
        Output.section("Deleted Networks:", report.networks)
        Output.section("Deleted Volumes:", report.volumes)
        Output.section("Deleted Images:", report.images.map { "deleted: \($0)" })
        if report.keptImages {
            session.warn("a build or pull is in progress; images and the build cache were kept")
        }
        Output.line("Total reclaimed space: \(DecimalSize.text(report.bytes))")
        return 0
    }

    private var warning: String {
        var parts = ["all stopped containers", "all networks not used by at least one container"]
        if volumes { parts.append("all anonymous volumes not used by at least one container") }
        if filter.isEmpty {
            parts.append(
                all ? "all images without at least one container" : "all dangling images"
            )
            parts.append("unused build cache")
        }
        return "This will remove:\n" + parts.map { "  - \($0)\n" }.joined()
    }
}
