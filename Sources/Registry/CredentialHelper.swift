import FoundationEssentials
import Linux
import SystemPackage

/// A credential helper: the program `docker-credential-NAME`.
struct CredentialHelper: Sendable {
    var name: String
    var environment: [String: String]

    private struct Answer: Decodable {
        var user: String
        var secret: String

        private enum CodingKeys: String, CodingKey {
            case user = "Username"
            case secret = "Secret"
        }
    }

    /// Queries the login for `server`; nil if the helper has none.
    func login(for server: String) async throws(RegistryError) -> Credentials.Login? {
        let program = "docker-credential-\(name)"
        // A name with a slash could run any program.
        guard !name.contains("/"), let path = find(program) else {
            throw RegistryError(.credentials("\(program) is not installed"), in: server)
        }
        let variables = environment.map { "\($0)=\($1)" }
        let answer: [UInt8]
        do {
            answer = try await BackgroundThread.run {
                try Self.run(path, variables, server)
            }
        } catch {
            throw RegistryError(.credentials("\(program): \(error)"), in: server)
        }
        // Without credentials helpers print a message instead of JSON.
        guard let login = try? JSONDecoder().decode(Answer.self, from: Data(answer)),
            !login.secret.isEmpty
        else { return nil }
        return Credentials.Login(user: login.user, secret: login.secret)
    }

    private func find(_ program: String) -> FilePath? {
        for directory in (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":") {
            let path = FilePath(String(directory)).appending(program)
            if FileSystem.exists(path) { return path }
        }
        return nil
    }

    private static func run(
        _ path: FilePath,
        _ environment: [String],
        _ server: String
    ) throws -> [UInt8] {
        let input = try Pipe()
        let output = try Pipe()
        let process = try ChildProgram.start(
            path,
            arguments: ["get"],
            environment: environment,
            input: input.readEnd,
            output: output.writeEnd,
            error: try Descriptor.open("/dev/null", .writing)
        )
        // Our read end is still open, so a helper that reads nothing causes no SIGPIPE.
        try input.writeEnd.write(Array(server.utf8))
        _ = consume input
        let answer = try output.takeReadEnd().readToEnd()
        _ = try process.wait()
        return answer
    }
}
