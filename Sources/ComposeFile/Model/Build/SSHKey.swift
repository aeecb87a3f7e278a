/// An SSH agent or key that a build may use.
public struct SSHKey: Sendable, Equatable {
    /// The name by which the Dockerfile asks for it; `default` is the agent.
    public var id: String
    /// A socket or a key file; nil is the agent of `SSH_AUTH_SOCK`.
    public var path: String?

    /// Makes a key.
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
