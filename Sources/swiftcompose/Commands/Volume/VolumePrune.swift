import ArgumentParser
import Linux
import Orchestrator

struct VolumePrune: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Remove the anonymous volumes that no container uses, running or not."
    )

    @Flag(name: .shortAndLong, help: "Remove unused volumes with names too.")
    var all = false

    @OptionGroup var options: PruneOptions

    @Option(
        help:
            "Remove only volumes with label=NAME[=VALUE] or without label!=NAME[=VALUE]; repeatable."
    )
    var filter: [String] = []

    func run(in session: Session) async throws -> Int32 {
        let filter = try ResourceFilter(filter, accepting: [.label, .withoutLabel])
        let kind = all ? "local" : "anonymous local"
        try options.confirm(
            "This will remove \(kind) volumes not used by at least one container.",
            in: session
        )
        let (host, all) = (try session.openHostToChange(), all)
        let (names, bytes) = try await BackgroundThread.run {
            try host.pruneVolumes { volume in
                (all || volume.isAnonymous) && filter.accepts(labels: volume.labels)
            }
        }
        Output.section("Deleted Volumes:", names)
        Output.line("Total reclaimed space: \(DecimalSize.text(bytes))")
        return 0
    }
}
