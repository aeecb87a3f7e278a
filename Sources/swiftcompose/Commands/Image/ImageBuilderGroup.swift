import ArgumentParser

/// The commands on the builder.
struct ImageBuilderGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "builder",
        abstract: "Manage the build cache.",
        subcommands: [ImageBuilderPrune.self]
    )
}
