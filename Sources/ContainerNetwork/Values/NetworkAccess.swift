public import Addresses

/// Who may exchange packets with the containers of one network.
///
/// The only source of this decision. The packet filter's rules, the rules in other programs'
/// filters, the isolation of bridge ports, default routes and the sockets that serve published
/// ports are all derived from it.
public struct NetworkAccess: Equatable, Sendable {
    /// The addresses of the host at which ports are published.
    public enum Publication: Equatable, Sendable {
        /// Ports are not published.
        case nowhere
        /// Each port is published at its own address, or at all addresses if it has none.
        case anywhere
        /// Ports without an address of their own are published at this one.
        case at(IPAddress)
    }

    /// Whether the network's containers reach each other.
    public var connectsContainers: Bool
    /// Whether containers reach other hosts, and other hosts published ports.
    public var leadsOut: Bool
    /// Whether packets to other hosts carry the host's address instead of the container's.
    public var masquerades: Bool
    public var publication: Publication

    /// `request` as this network serves it; nil if the network does not publish ports.
    public func published(_ request: PortRequest) -> PortRequest? {
        switch publication {
        case .nowhere: return nil
        case .anywhere: return request
        case .at(let address):
            guard request.hostIP == nil else { return request }
            var bound = request
            bound.hostIP = address
            return bound
        }
    }
}

extension NetworkSpecification {
    /// Who may exchange packets with the network's containers; throws for an invalid option.
    public func access() throws(NetworkError) -> NetworkAccess {
        try BridgeOptions(self).access
    }
}

extension BridgeNetwork {
    /// Who may exchange packets with its containers.
    public func access() throws(NetworkError) -> NetworkAccess {
        try specification.access()
    }
}
