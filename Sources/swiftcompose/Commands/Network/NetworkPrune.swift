import ArgumentParser
import ContainerNetwork
import OCI
import Orchestrator

struct NetworkPrune: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Remove the networks that no container uses, running or not."
    )

    @OptionGroup var options: PruneOptions

    @Option(
        help: """
            Remove only networks with label=NAME[=VALUE], without label!=NAME[=VALUE], or created \
            before until=TIME; repeatable.
            """
    )
    var filter: [String] = []

    func run(in session: Session) throws -> Int32 {
        let filter = try ResourceFilter(filter, accepting: [.label, .withoutLabel, .until])
        try options.confirm(
            "This will remove all networks not used by at least one container.",
            in: session
        )
        let names = try session.openHostToChange().pruneNetworks { network in
            filter.accepts(labels: network.labels)
                && filter.accepts(created: Timestamp(seconds: network.created))
        }
        Output.section("Deleted Networks:", names)
        return 0
    }
}
