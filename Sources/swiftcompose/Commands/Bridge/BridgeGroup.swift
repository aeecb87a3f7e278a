import ArgumentParser

/// The commands that move a project to another engine.
struct BridgeGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bridge",
        abstract: "Convert the project for another engine.",
        subcommands: [BridgeConvert.self]
    )
}
