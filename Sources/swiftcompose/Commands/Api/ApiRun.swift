import ArgumentParser
import EngineAPI
import Linux
import Orchestrator
import SystemPackage

struct ApiRun: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a command with DOCKER_HOST set to a private socket of the API."
    )

    @Argument(parsing: .captureForPassthrough, help: "Command and arguments.")
    var command: [String]

    func run(in session: Session) async throws -> Int32 {
        let words = command.first == "--" ? Array(command.dropFirst()) : command
        guard !words.isEmpty else { throw ValidationError("a command is required") }
        try FileSystem.makeDirectories(session.paths.run, mode: 0o755)
        let path = session.paths.run.appending("docker.\(CurrentProcess.pid).sock")
        let number = try EngineSocket.create(path, mode: 0o600).release()
        defer { EngineSocket.remove(path) }
        let server = try EngineServer(session.engineSettings)
        let variables = session.engineVariables(socket: path)
        return try await withThrowingTaskGroup(of: Int32?.self) { group in
            group.addTask {
                try await server.run(on: Descriptor(owning: number))
                return nil
            }
            group.addTask {
                try await BackgroundThread.run {
                    // env(1) searches PATH and sets the variables.
                    let child = try ChildProgram.startDetached(
                        "/usr/bin/env",
                        arguments: variables + words,
                        descriptors: [0, 1, 2]
                    )
                    return try child.wait().code
                }
            }
            defer { group.cancelAll() }
            while let finished = try await group.next() { if let finished { return finished } }
            return 1
        }
    }
}

extension Session {
    /// `NAME=VALUE` each. Clients use the classic builder, since BuildKit is not served.
    func engineVariables(socket: FilePath) -> [String] {
        ["DOCKER_HOST=unix://\(socket.string)", "DOCKER_BUILDKIT=0"]
    }
}
