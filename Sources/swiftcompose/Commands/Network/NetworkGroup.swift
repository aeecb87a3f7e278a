import ArgumentParser

/// The commands on networks of all projects and of none.
struct NetworkGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "network",
        abstract: "Manage networks.",
        subcommands: [
            NetworkConnect.self, NetworkCreate.self, NetworkDisconnect.self, NetworkInspect.self,
            NetworkLs.self, NetworkPrune.self, NetworkRm.self,
        ]
    )
}
