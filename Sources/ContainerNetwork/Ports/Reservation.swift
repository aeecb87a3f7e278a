import Addresses
import Linux
import SystemPackage

/// The sockets that reserve one published port, with their connections.
final class Reservation {
    let port: UInt16
    private var listeners: [any PortListener] = []

    /// Reserves the port at every address at which it is published; port 0 means any free one.
    init(_ mapping: PortMapping, loop: EventLoop) throws(NetworkError) {
        var port = mapping.hostPort
        // SCTP sockets require a kernel module that may be missing.
        let addresses = mapping.protocol == .sctp ? [] : Self.addresses(mapping.hostIP)
        for address in addresses {
            let listener = try Self.listener(mapping, address, port, loop)
            guard let listener else { continue }
            listeners.append(listener)
            port = listener.port
        }
        self.port = port == 0 ? mapping.containerPort : port
    }

    /// Starts to forward to a container's port; a further call changes the target of new connections.
    func forward(to address: IPAddress, port: UInt16) throws(SystemCallError) {
        let target = SocketAddress(address: address.bytes, port: port)
        for listener in listeners { try listener.forward(to: target) }
    }

    func close() {
        for listener in listeners { listener.close() }
        listeners = []
    }

    private static func addresses(_ hostIP: IPAddress?) -> [IPAddress] {
        if let hostIP { return [hostIP] }
        return [.v4(IPv4Address(rawValue: 0)), .v6(IPv6Address(rawValue: 0))]
    }

    /// Nil if the host lacks the address family and no address was asked for.
    private static func listener(
        _ mapping: PortMapping,
        _ address: IPAddress,
        _ port: UInt16,
        _ loop: EventLoop
    ) throws(NetworkError) -> (any PortListener)? {
        let place = SocketAddress(address: address.bytes, port: port)
        do throws(SystemCallError) {
            if mapping.protocol == .udp { return try DatagramForwarder(at: place, loop: loop) }
            return try StreamForwarder(at: place, loop: loop)
        } catch {
            switch error.reason {
            case .permissionDenied where UserNamespace.holder != nil:
                throw .portPrivileged(mapping)
            case .addressInUse: throw .portTaken(mapping, by: PortOwner.find(mapping))
            case .addressFamilyNotSupported, .addressNotAvailable:
                guard let hostIP = mapping.hostIP else { return nil }
                throw .hostAddressMissing(hostIP)
            default: throw .refused(doing: "reserve port \(mapping)", error)
            }
        }
    }
}

/// A socket that receives the traffic of a published port.
protocol PortListener: AnyObject {
    var port: UInt16 { get }
    func forward(to target: SocketAddress) throws(SystemCallError)
    func close()
}
