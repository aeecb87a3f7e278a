import ArgumentParser
import Linux
import Swarm
import SystemPackage

/// The options that choose a Docker Engine.
struct EngineOptions: ParsableArguments {
    @Option(
        name: .customLong("host"),
        help: """
            Engine to connect to, unix:///PATH or tcp://HOST:PORT (default: DOCKER_HOST, the \
            context, or unix:///var/run/docker.sock).
            """
    )
    var host: String?

    @Option(help: "Context of docker's client that names the engine.")
    var context: String?

    /// Calls `body` with a client of the chosen engine.
    func withClient<Result: Sendable>(
        in session: Session,
        _ body: (EngineClient) async throws -> Result
    ) async throws -> Result {
        let choice = EngineHost.Choice(
            host: host,
            context: context,
            environment: session.environment,
            // An unreadable file counts as absent.
            read: { path in try? FileSystem.readText(path) }
        )
        return try await EngineClient.with(try EngineHost(choice), body)
    }
}
