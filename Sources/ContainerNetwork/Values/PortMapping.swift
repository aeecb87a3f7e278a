public import Addresses

/// A transport protocol that has ports.
public enum TransportProtocol: String, Codable, Sendable {
    case tcp
    case udp
    case sctp
}

/// A container port to publish on the host.
public struct PortRequest: Codable, Hashable, Sendable {
    /// The host's address to listen at; nil for all addresses of both families.
    public var hostIP: IPAddress?
    /// The host's port, or the range whose first free port is used; nil for any free port.
    public var hostPorts: ClosedRange<UInt16>?
    public var containerPort: UInt16
    public var `protocol`: TransportProtocol

    public init(
        hostIP: IPAddress? = nil,
        hostPorts: ClosedRange<UInt16>? = nil,
        containerPort: UInt16,
        protocol: TransportProtocol = .tcp
    ) {
        self.hostIP = hostIP
        self.hostPorts = hostPorts
        self.containerPort = containerPort
        self.protocol = `protocol`
    }
}

/// A published port: a request with its host port chosen.
public struct PortMapping: Codable, Hashable, Sendable {
    /// Nil for all the host's addresses of both families.
    public var hostIP: IPAddress?
    public var hostPort: UInt16
    public var containerPort: UInt16
    public var `protocol`: TransportProtocol

    public init(
        hostIP: IPAddress? = nil,
        hostPort: UInt16,
        containerPort: UInt16,
        protocol: TransportProtocol = .tcp
    ) {
        self.hostIP = hostIP
        self.hostPort = hostPort
        self.containerPort = containerPort
        self.protocol = `protocol`
    }
}

/// The change of a host port from one container to another.
public struct PortMove: Sendable, Equatable {
    public var old: PortMapping
    public var new: PortMapping

    public init(from old: PortMapping, to new: PortMapping) {
        self.old = old
        self.new = new
    }
}

extension PortRequest {
    /// Whether a mapping has a host port that this request allows.
    public func allows(_ mapping: PortMapping) -> Bool {
        guard hostIP == mapping.hostIP, `protocol` == mapping.protocol else { return false }
        return hostPorts?.contains(mapping.hostPort) ?? (containerPort == mapping.containerPort)
    }
}

extension PortMapping: CustomStringConvertible {
    public var description: String {
        "\(hostIP.map { $0.isIPv4 ? "\($0)" : "[\($0)]" } ?? "*"):\(hostPort)"
            + "->\(containerPort)/\(`protocol`.rawValue)"
    }
}
