import ArgumentParser

/// The commands on everything that this program keeps on the host.
struct SystemGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "system",
        abstract: "Show the host's resources, and remove unused ones.",
        subcommands: [SystemDf.self, SystemEvents.self, SystemInfo.self, SystemPrune.self]
    )
}
