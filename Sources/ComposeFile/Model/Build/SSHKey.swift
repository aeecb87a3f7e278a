/// An SSH agent or key available to a build.
public struct SSHKey: Sendable, Equatable {
    /// The identifier used in the Dockerfile; `default` is the agent.
    public var id: String
    /// The path of a socket or key file; nil means the agent of `SSH_AUTH_SOCK`.
    public var path: String?

    /// Creates a key.
    public init(id: String, path: String? = nil) {
        self.id = id
        self.path = path
    }
}

extension SSHKey {
    /// The keys of a build, sorted by id.
    static func keys(_ fields: Fields) throws(ComposeError) -> [SSHKey] {
        try fields.labels("ssh")
            .sorted { $0.key < $1.key }
            .map { SSHKey(id: $0.key, path: $0.value.isEmpty ? nil : $0.value) }
    }
}
