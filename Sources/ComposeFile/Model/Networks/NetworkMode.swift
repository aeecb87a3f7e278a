import Notation

/// What stands in for networks of the project.
public enum NetworkMode: Sendable, Equatable {
    /// No network but the loopback interface.
    case none
    /// The host's network namespace.
    case host
    /// The engine's default bridge.
    case bridge
    /// The network namespace of a service of the project.
    case service(String)
    /// The network namespace of a container, by name or id.
    case container(String)
    /// An existing network.
    case network(String)

    /// Reads the attribute's text.
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
