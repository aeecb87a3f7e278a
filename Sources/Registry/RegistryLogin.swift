/// A login for a registry: a user with a password, or a token that stands for both.
public struct RegistryLogin: Sendable, Equatable {
    public var user: String
    public var password: String
    /// The refresh token of a former login; empty if there is none.
    public var identityToken: String

    public init(user: String, password: String, identityToken: String = "") {
        self.user = user
        self.password = password
        self.identityToken = identityToken
    }

    /// The name of the registry with the address `address`, as clients write it: with or without a
    /// scheme and a path. An empty address means docker.io.
    public static func domain(ofAddress address: String) -> String {
        var rest = address[...]
        if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
        let host = String(rest.prefix { $0 != "/" })
        return ["", "index.docker.io", "registry-1.docker.io"].contains(host) ? "docker.io" : host
    }
}
