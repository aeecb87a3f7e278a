/// Which cgroup namespace a container has.
public enum CgroupNamespace: String, Sendable, Equatable {
    /// The host's.
    case host
    /// One of its own.
    case `private`
}
