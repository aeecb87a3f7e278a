import FoundationEssentials
import Linux
public import SystemPackage

/// The logins in docker's `config.json`, which podman, skopeo and others also use.
///
/// Source: `docker login`, "Credential stores"; github.com/docker/docker-credential-helpers.
public struct Credentials: Sendable {
    /// A user name and secret.
    struct Login: Sendable, Equatable {
        var user: String
        var secret: String

        /// Whether the secret is an identity token, for which helpers use this user name.
        var isIdentityToken: Bool { user == "<token>" }

        /// The value of a basic `Authorization` header.
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
    /// The environment of helpers and their search path.
    private let environment: [String: String]

    /// No logins.
    public init() {
        file = File()
        path = ""
        environment = [:]
    }

    /// The given logins, by the name of the registry.
    public init(_ logins: [String: RegistryLogin]) {
        self.init()
        file.auths = logins.mapValues { login in
            File.Entry(
                identitytoken: login.identityToken,
                username: login.user,
                password: login.password
            )
        }
    }

    /// Reads the file at `path`; there are no logins if it does not exist.
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
            throw RegistryError(.credentials("cannot read the file: \(error)"), in: path.string)
        }
    }

    /// The default path of the file: in `DOCKER_CONFIG`, or in `.docker` in the home directory.
    public static func standardPath(environment: [String: String]) -> FilePath {
        let home = environment["HOME"].map { FilePath($0).appending(".docker") } ?? "/root/.docker"
        let directory = environment["DOCKER_CONFIG"].map { FilePath($0) } ?? home
        return directory.appending("config.json")
    }

    /// The login for a registry as an engine expects it in `X-Registry-Auth`; nil if there is none.
    ///
    /// Source: Docker Engine API, "Authentication".
    public func engineAuthorization(for domain: String) async throws(RegistryError) -> String? {
        guard let login = try await login(for: domain) else { return nil }
        let server = domain == "docker.io" ? "https://index.docker.io/v1/" : domain
        let fields =
            login.isIdentityToken
            ? ["identitytoken": login.secret, "serveraddress": server]
            : ["username": login.user, "password": login.secret, "serveraddress": server]
        do {
            return try JSONEncoder().encode(fields).base64EncodedString()
                .replacing("+", with: "-").replacing("/", with: "_")
        } catch {
            throw RegistryError(.credentials("\(error)"), in: path)
        }
    }

    /// The login for a registry; nil if there is none. Runs a credential helper if configured.
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

    /// The keys under which a registry's login may be stored.
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
            throw RegistryError(.credentials("'auth' is not valid base64"), in: path)
        }
        let text = String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self)
        guard let colon = text.firstIndex(of: ":") else {
            throw RegistryError(
                .credentials("'auth' does not contain a user name and password"),
                in: path
            )
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
