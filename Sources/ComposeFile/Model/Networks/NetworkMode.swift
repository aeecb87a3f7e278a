import Notation

/// The network namespace of a container that does not use the project's networks.
public enum NetworkMode: Sendable, Equatable {
    /// The loopback interface only.
    case none
    /// The host's network namespace.
    case host
    /// The engine's default bridge network.
    case bridge
    /// The network namespace of a service of the project.
    case service(String)
    /// The network namespace of a container, by name or id.
    case container(String)
    /// An existing network, by name.
    case network(String)

    /// Parses the value of `network_mode`.
    public init(_ text: String) {
        switch text {
        case "none": self = .none
        case "host": self = .host
        case "bridge": self = .bridge
        default:
            if let name = text.suffix(after: "service:") {
                self = .service(name)
            } else if let name = text.suffix(after: "container:") {
                self = .container(name)
            } else {
                self = .network(text)
            }
        }
    }
}

extension NetworkMode: CustomStringConvertible {
    public var description: String {
        switch self {
        case .none: "none"
        case .host: "host"
        case .bridge: "bridge"
        case .service(let name): "service:\(name)"
        case .container(let name): "container:\(name)"
        case .network(let name): name
        }
    }
}
