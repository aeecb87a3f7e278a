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
