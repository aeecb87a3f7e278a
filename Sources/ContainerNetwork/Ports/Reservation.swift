import Addresses
import Linux
import SystemPackage

/// The sockets that hold one published port, and who came by them.
final class Reservation {
    let port: UInt16
    private let mapping: PortMapping
    private let loop: EventLoop
    private var listeners: [any PortListener] = []

    /// Takes the port at every address that it is published at; port 0 is any free one.
    init(_ mapping: PortMapping, loop: EventLoop) throws(NetworkError) {
        self.mapping = mapping
        self.loop = loop
        var port = mapping.hostPort
        // The kernel holds SCTP's ports in a module that need not be there.
        let addresses = mapping.protocol == .sctp ? [] : Self.addresses(mapping.hostIP)
        for address in addresses {
            let listener = try Self.listener(mapping, address, port, loop)
            guard let listener else { continue }
            listeners.append(listener)
            port = listener.port
        }
        self.port = port == 0 ? mapping.containerPort : port
    }

    /// Starts serving; called again it serves another address.
    func forward(to address: IPAddress) throws(SystemCallError) {
        let target = SocketAddress(address: address.bytes, port: mapping.containerPort)
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

    /// Nil when the host has no IPv6 and did not need it.
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
            case .addressInUse: throw .portTaken(mapping, by: PortOwner.find(mapping))
            case .addressFamilyNotSupported, .addressNotAvailable:
                guard let hostIP = mapping.hostIP else { return nil }
                throw .hostAddressMissing(hostIP)
            default: throw .refused(doing: "take port \(mapping)", error)
            }
        }
    }
}

/// A socket that takes what arrives for a published port.
protocol PortListener: AnyObject {
    var port: UInt16 { get }
    func forward(to target: SocketAddress) throws(SystemCallError)
    func close()
}
