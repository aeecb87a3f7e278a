import ArgumentParser
import EngineAPI
import Linux
import Notation
import Orchestrator
import SystemPackage

struct ApiServe: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the Docker Engine API on a Unix socket.",
        discussion: """
            Takes over the socket of systemd's socket activation, or else creates its own. The \
            process owns nothing: containers keep running when it ends.
            """
    )

    @Option(help: "Path of the socket.", completion: .file())
    var socket: String?

    @Option(help: "End after this time without a client, such as 60s (default: never).")
    var idle: String?

    @Flag(help: "Refuse every request that changes something.")
    var readOnly = false

    @Option(help: "Show and change only this project, and no images.")
    var project: String?

    func validate() throws {
        if let project, !ObjectName.isValid(project) {
            throw ValidationError("--project: '\(project)' is not a name of a project")
        }
    }

    func run(in session: Session) async throws -> Int32 {
        var settings = session.engineSettings
        settings.isReadOnly = readOnly
        settings.project = project
        settings.idleLimit = try idle.map { text in
            guard let limit = GoDuration.duration(of: text), limit > .zero else {
                throw ValidationError("--idle: '\(text)' is not a duration such as 60s")
            }
            return limit
        }
        let path = socket.map { FilePath($0) } ?? session.engineSocket
        let listener = try EngineSocket.open(path, environment: session.environment).release()
        let server = try EngineServer(settings)
        do {
            try await session.endingOnSignals {
                try await server.run(on: Descriptor(owning: listener))
            }
        } catch is CancellationError {
            // A signal is the usual end of a server in the foreground.
        }
        return 0
    }
}

extension Session {
    var engineSettings: EngineSettings {
        EngineSettings(paths: paths, executable: executable, environment: environment)
    }

    /// The socket of the Engine API where no other is given.
    var engineSocket: FilePath { paths.apiSocket }
}
