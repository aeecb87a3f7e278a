import Notation

/// The namespace of one kind that a container uses.
public enum NamespaceMode: Sendable, Equatable {
    /// The namespace of a service of the project.
    case service(String)
    /// The namespace of a container, by name or id.
    case container(String)
    /// Another mode: `host`, `private`, `shareable`, `none`.
    case mode(String)

    /// The host's namespace.
    public static let host = NamespaceMode.mode("host")

    /// Parses `service:NAME`, `container:NAME` or another mode.
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

/// The cgroup namespace of a container.
public enum CgroupNamespace: String, Sendable, Equatable {
    /// The host's namespace.
    case host
    /// A namespace of its own.
    case `private`
}
