import FoundationEssentials
import Linux
public import SystemPackage

/// The logins of docker's `config.json`, which podman, skopeo and others share.
///
/// Source: `docker login`, "Credential stores"; github.com/docker/docker-credential-helpers.
public struct Credentials: Sendable {
    /// One login.
    struct Login: Sendable, Equatable {
        var user: String
        var secret: String

        /// A token that is exchanged for others, which helpers give under this user's name.
        var isIdentityToken: Bool { user == "<token>" }

        /// The value of an `Authorization` header.
        var basic: String {
            "Basic " + Data("\(user):\(secret)".utf8).base64EncodedString()
        }
    }

    private struct File: Codable {
        struct Entry: Codable {
            var auth: String?
            var identitytoken: String?
            var username: String?
            var password: String?
        }

        var auths: [String: Entry]?
        var credHelpers: [String: String]?
        var credsStore: String?
    }

    private var file: File
    private let path: String
    /// Where helpers are looked for, and what they are given.
    private let environment: [String: String]

    /// No logins at all.
    public init() {
        file = File()
        path = ""
        environment = [:]
    }

    /// Reads the file at `path`; one that is missing has no logins.
    public init(
        reading path: FilePath,
        environment: [String: String]
    ) throws(RegistryError) {
        self.path = path.string
        self.environment = environment
        guard FileSystem.exists(path) else {
            file = File()
            return
        }
        do {
            file = try JSONDecoder().decode(File.self, from: Data(FileSystem.read(path)))
        } catch {
            throw RegistryError(.credentials("it cannot be read: \(error)"), in: path.string)
        }
    }

    /// Where docker keeps the file: `DOCKER_CONFIG`, or `.docker` in the home directory.
    public static func standardPath(environment: [String: String]) -> FilePath {
        let home = environment["HOME"].map { FilePath($0).appending(".docker") } ?? "/root/.docker"
        let directory = environment["DOCKER_CONFIG"].map { FilePath($0) } ?? home
        return directory.appending("config.json")
    }

    /// The login for a registry; nil when there is none. Runs a helper if one is configured.
    func login(for domain: String) async throws(RegistryError) -> Login? {
        let keys = Self.keys(of: domain)
        for key in keys {
            if let helper = file.credHelpers?[key] { return try await ask(helper, for: key) }
        }
        if let helper = file.credsStore {
            for key in keys {
                if let login = try await ask(helper, for: key) { return login }
            }
        }
        for key in keys {
            guard let entry = file.auths?[key] else { continue }
            if let login = try login(in: entry) { return login }
        }
        return nil
    }

    /// The names under which a registry's login may be stored.
    private static func keys(of domain: String) -> [String] {
        let names = domain == "docker.io" ? ["index.docker.io", "docker.io"] : [domain]
        let first = domain == "docker.io" ? ["https://index.docker.io/v1/"] : []
        return first + names.flatMap { [$0, "https://\($0)", "https://\($0)/v2/", "http://\($0)"] }
    }

    private func login(in entry: File.Entry) throws(RegistryError) -> Login? {
        if let token = entry.identitytoken, !token.isEmpty {
            return Login(user: "<token>", secret: token)
        }
        if let user = entry.username, let secret = entry.password, !user.isEmpty {
            return Login(user: user, secret: secret)
        }
        guard let auth = entry.auth, !auth.isEmpty else { return nil }
        guard let bytes = Data(base64Encoded: auth) else {
            throw RegistryError(.credentials("an 'auth' is no base64"), in: path)
        }
        let text = String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self)
        guard let colon = text.firstIndex(of: ":") else {
            throw RegistryError(.credentials("an 'auth' is no user and password"), in: path)
        }
        return Login(
            user: String(text[..<colon]),
            secret: String(text[text.index(after: colon)...])
        )
    }

    private func ask(_ helper: String, for key: String) async throws(RegistryError) -> Login? {
        let program = CredentialHelper(name: helper, environment: environment)
        return try await program.login(for: key)
    }
}
