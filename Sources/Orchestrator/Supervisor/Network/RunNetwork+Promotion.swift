import Addresses
import ContainerNetwork

// The change from one container of a service to another that runs beside it.
extension RunNetwork {
    /// Takes over the names and published ports of another container, which becomes the standby.
    ///
    /// The event loop answers no query in between, and the sockets of ports stay open, so that a
    /// client finds one of the two containers at any moment. Idempotent.
    func promote(over other: RunNetwork?) throws {
        try setStandby(false)
        var requests = try record.ports.map { try PortRequest($0) }
        if let publisher, let access = try services.store.network(publisher.network)?.access() {
            if let other { try takePorts(requests.compactMap(access.published), from: other) }
            requests.removeAll { request in
                access.published(request).map { ports.contains(where: $0.allows) } ?? true
            }
        }
        try publish(requests)
        try other?.setStandby(true)
    }

    /// Gives the container its names, or takes them from it.
    private func setStandby(_ isStandby: Bool) throws(NetworkError) {
        self.isStandby = isStandby
        let attachments = record.attachments
        for index in endpoints.indices {
            let network = endpoints[index].network
            guard let attachment = attachments.first(where: { $0.network == network }) else {
                continue
            }
            endpoints[index].names = names(on: attachment)
            try services.store.rename(endpoints[index])
        }
        services.names.rename(endpoints)
    }

    /// Takes over the requested ports that the other container publishes; its others stay until it
    /// stops.
    private func takePorts(_ requests: [PortRequest], from other: RunNetwork) throws(NetworkError) {
        guard let publisher, let address = publisher.addresses.first, let source = other.publisher
        else { return }
        var moves: [PortMove] = []
        var former = other.ports
        for request in requests {
            guard let index = former.firstIndex(where: request.allows) else { continue }
            let old = former.remove(at: index)
            var new = old
            new.containerPort = request.containerPort
            moves.append(PortMove(from: old, to: new))
        }
        guard !moves.isEmpty else { return }
        for move in moves { try services.forwarder.move(move, at: address) }
        try services.store.move(moves, from: source, to: publisher)
        ports += moves.map(\.new)
        other.ports = former
    }
}
