public import Addresses
public import Linux
import SystemPackage

/// The host's side of published ports: a listening socket for each. It reserves the port and serves
/// clients whose packets the kernel cannot translate: local processes that connect to a loopback
/// address, and IPv6 clients of containers without IPv6.
///
/// It runs on one event loop. SCTP ports are translated by the kernel only.
public final class PortForwarder {
    private let loop: EventLoop
    private var reservations: [PortMapping: Reservation] = [:]

    public init(loop: EventLoop) { self.loop = loop }

    /// Reserves a port that `request` allows; connections wait until `forward` is called.
    public func reserve(_ request: PortRequest) throws(NetworkError) -> PortMapping {
        guard let ports = request.hostPorts else { return try reserveAny(request) }
        for port in ports {
            let mapping = PortMapping(request, hostPort: port)
            if reservations[mapping] != nil { continue }
            do throws(NetworkError) {
                reservations[mapping] = try Reservation(mapping, loop: loop)
                return mapping
            } catch .portTaken where ports.count > 1 {
                continue
            }
        }
        if ports.count == 1 {
            let mapping = PortMapping(request, hostPort: ports.lowerBound)
            throw .portTaken(mapping, by: PortOwner.find(mapping))
        }
        throw .portsTaken(request)
    }

    /// Starts to forward a reserved port to the container at `address`.
    public func forward(_ mapping: PortMapping, to address: IPAddress) throws(NetworkError) {
        guard let reservation = reservations[mapping] else { return }
        try NetworkError.during(
            "watch port \(mapping)",
            try reservation.forward(to: address, port: mapping.containerPort)
        )
    }

    /// Forwards further connections to a reserved port to another container.
    ///
    /// The socket stays open and existing connections stay with the former container, so that no
    /// connection is refused or broken.
    public func move(_ move: PortMove, at address: IPAddress) throws(NetworkError) {
        guard let reservation = reservations.removeValue(forKey: move.old) else { return }
        reservations[move.new] = reservation
        try forward(move.new, to: address)
    }

    /// Releases a port and breaks its connections, if it is reserved.
    public func release(_ mapping: PortMapping) {
        reservations.removeValue(forKey: mapping)?.close()
    }

    /// The kernel chooses the port of the first socket. If it is taken at another address, tries
    /// again.
    private func reserveAny(_ request: PortRequest) throws(NetworkError) -> PortMapping {
        for _ in 0..<20 {
            do throws(NetworkError) {
                let any = PortMapping(request, hostPort: 0)
                let reservation = try Reservation(any, loop: loop)
                let mapping = PortMapping(request, hostPort: reservation.port)
                reservations[mapping] = reservation
                return mapping
            } catch .portTaken {
                continue
            }
        }
        throw .portsTaken(request)
    }
}

extension PortMapping {
    fileprivate init(_ request: PortRequest, hostPort: UInt16) {
        self.init(
            hostIP: request.hostIP,
            hostPort: hostPort,
            containerPort: request.containerPort,
            protocol: request.protocol
        )
    }
}
