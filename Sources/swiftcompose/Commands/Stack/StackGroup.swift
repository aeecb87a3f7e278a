import ArgumentParser

/// The commands on stacks of a Docker Engine in swarm mode.
struct StackGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stack",
        abstract: "Deploy the project to a Docker Engine in swarm mode.",
        subcommands: [
            StackDeploy.self, StackLs.self, StackPs.self, StackRm.self, StackServices.self,
        ]
    )
}
