import ArgumentParser
import ContainerNetwork
import OCI
import Orchestrator

struct NetworkLs: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "List networks.",
        aliases: ["list"]
    )

    @Option(
        name: .shortAndLong,
        help: """
            Filter the networks by dangling=BOOL, driver=NAME, id=ID, label=NAME[=VALUE], name=NAME, \
            scope=local or type=custom|builtin; repeatable.
            """
    )
    var filter: [String] = []

    @Option(
        help: """
            Format of the output: table, 'table TEMPLATE', json (one object per line), or a Go \
            template.
            """
    )
    var format = "table"

    @Flag(help: "Do not truncate output.")
    var noTrunc = false

    @Flag(name: .shortAndLong, help: "Only display IDs.")
    var quiet = false

    func run(in session: Session) throws -> Int32 {
        let format = try ListFormat(format)
        let networks = try selected(on: session.openHost())
        if quiet {
            for network in networks { Output.line(noTrunc ? network.id : network.shortID) }
        } else {
            let list = FormattedList(
                networks.map { NetworkListing(network: $0, isCut: !noTrunc) },
                headings: ["ID": "NETWORK ID"],
                columns: ["ID", "Name", "Driver", "Scope"],
                minimumWidth: 4
            )
            for line in try format.lines(list) { Output.line(line) }
        }
        return 0
    }

    private func selected(on host: Host) throws -> [BridgeNetwork] {
        let filter = try ResourceFilter(
            filter,
            accepting: [.dangling, .driver, .id, .label, .name, .scope, .type]
        )
        let isDangling = try filter.truth(of: .dangling)
        let used = try isDangling == nil ? [:] : host.containersByNetwork()
        return try host.networks.all().filter { network in
            filter.accepts(.driver) { $0 == "bridge" }
                && filter.accepts(.id) { network.id.hasPrefix($0) }
                && filter.accepts(labels: network.labels)
                && filter.accepts(.name) { network.name.contains($0) }
                && filter.accepts(.scope) { $0 == "local" }
                && filter.accepts(.type) { $0 == (network.isBuiltIn ? "builtin" : "custom") }
                && isDangling.map { $0 == (used[network.name] == nil && !network.isBuiltIn) }
                    ?? true
        }
    }
}
