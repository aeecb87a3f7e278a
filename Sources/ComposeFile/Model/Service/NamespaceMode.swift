import Notation

/// Whose namespace of some kind a container uses.
public enum NamespaceMode: Sendable, Equatable {
    /// That of a service of the project.
    case service(String)
    /// That of a container, by name or id.
    case container(String)
    /// Any other word: `host`, `private`, `shareable`, `none`.
    case mode(String)

    /// The host's.
    public static let host = NamespaceMode.mode("host")

    /// Reads `service:NAME`, `container:NAME` or a word.
    public init(_ text: String) {
        if let name = text.suffix(after: "service:") {
            self = .service(name)
        } else if let name = text.suffix(after: "container:") {
            self = .container(name)
        } else {
            self = .mode(text)
        }
    }
}

extension NamespaceMode: CustomStringConvertible {
    public var description: String {
        switch self {
        case .service(let name): "service:\(name)"
        case .container(let name): "container:\(name)"
        case .mode(let word): word
        }
    }
}

/// Which cgroup namespace a container has.
public enum CgroupNamespace: String, Sendable, Equatable {
    /// The host's.
    case host
    /// One of its own.
    case `private`
}
