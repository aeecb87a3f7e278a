import ArgumentParser

struct ApiGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "api",
        abstract: "Serve the Docker Engine API to docker's own clients.",
        subcommands: [ApiEnv.self, ApiRun.self, ApiServe.self]
    )
}
