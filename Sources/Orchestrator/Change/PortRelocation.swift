import ComposeFile
import ContainerNetwork

/// Moves published ports whose host port is taken to free ones: `up --auto-ports`.
struct PortRelocation {
    /// The use of a host port.
    enum Use: Sendable {
        case free
        /// A container of this project publishes it.
        case own
        case foreign
    }

    /// A port that is published elsewhere than the Compose file says.
    struct Move: Equatable {
        var service: String
        /// The place in the service's `ports`.
        var index: Int
        var from: UInt16
        var to: UInt16
        var transport: TransportProtocol
    }

    let project: Project
    private let published: [PortCheck.PublishedPort]

    init(_ project: Project) throws(NetworkError) {
        self.project = project
        published = try PortCheck.publishedPorts(of: project)
    }

    /// The moves of all ports that are taken, or that an earlier entry publishes.
    ///
    /// A port that an existing container has moved to is kept, so that the container is not
    /// recreated; otherwise the next free one is used.
    func moves(
        keepingPortsOf containers: [ExistingContainer],
        use: (PortMapping) -> Use
    ) -> [Move] {
        var claimed: [PortMapping] = []
        var displaced: [PortCheck.PublishedPort] = []
        for port in published where port.service.replicas > 0 {
            if use(port.mapping) != .foreign, !claimed.contains(where: port.mapping.overlaps) {
                claimed.append(port.mapping)
            } else {
                displaced.append(port)
            }
        }
        var moves: [Move] = []
        var homeless: [PortCheck.PublishedPort] = []
        for port in displaced {
            var options = Self.formerPorts(of: port, in: containers).makeIterator()
            if let place = Self.place(
                for: port.mapping,
                among: &options,
                besides: claimed,
                { use($0) != .foreign }
            ) {
                claimed.append(place)
                moves.append(Move(port, to: place.hostPort))
            } else {
                homeless.append(port)
            }
        }
        for port in homeless {
            var options = Self.candidates(after: port.mapping.hostPort).makeIterator()
            // Without a free port the check of ports reports the conflict.
            guard
                let place = Self.place(
                    for: port.mapping,
                    among: &options,
                    besides: claimed,
                    { use($0) == .free }
                )
            else { continue }
            claimed.append(place)
            moves.append(Move(port, to: place.hostPort))
        }
        return moves
    }

    /// `mapping` at the first of the host ports that nothing in `claimed` overlaps and that
    /// `isUsable`; nil if there is none.
    private static func place(
        for mapping: PortMapping,
        among hostPorts: inout some IteratorProtocol<UInt16>,
        besides claimed: [PortMapping],
        _ isUsable: (PortMapping) -> Bool
    ) -> PortMapping? {
        var place = mapping
        while let port = hostPorts.next() {
            place.hostPort = port
            if !claimed.contains(where: place.overlaps), isUsable(place) { return place }
        }
        return nil
    }

    /// The project with its ports moved.
    func applying(_ moves: [Move]) -> Project {
        var project = project
        for move in moves {
            project.services[move.service]?.ports[move.index].published = String(move.to)
        }
        return project
    }

    /// The ports above `port`, then the others; ports below 1024 are not candidates.
    private static func candidates(after port: UInt16) -> some Sequence<UInt16> {
        let lowest: UInt16 = 1024
        let next = port == .max ? lowest : max(port + 1, lowest)
        let ranges: [ClosedRange<UInt16>] = [next...UInt16.max, lowest...max(lowest, port)]
        return ranges.lazy.flatMap { $0 }
    }

    /// The host ports at which existing containers of the service publish the same port.
    private static func formerPorts(
        of port: PortCheck.PublishedPort,
        in containers: [ExistingContainer]
    ) -> [UInt16] {
        let (target, transport) = (port.mapping.containerPort, port.mapping.protocol.rawValue)
        return containers.filter { container in
            container.record.service == port.service.name && !container.record.isOneOff
        }
        .flatMap(\.record.ports)
        .filter { candidate in
            candidate.containerPort == target && candidate.transport == transport
                && candidate.hostPorts.count == 1
        }
        .map { (candidate: PublishedPort) in candidate.hostPorts.lowerBound }
        .filter { $0 > 0 && $0 != port.mapping.hostPort }
    }
}

extension PortRelocation.Move {
    fileprivate init(_ port: PortCheck.PublishedPort, to free: UInt16) {
        self.init(
            service: port.service.name,
            index: port.index,
            from: port.mapping.hostPort,
            to: free,
            transport: port.mapping.protocol
        )
    }
}

extension ProjectChange {
    /// `project` with the ports that are in use moved to free ones, which progress reports.
    func relocatingPorts(
        of project: Project,
        besides containers: [ExistingContainer]
    ) throws -> Project {
        let relocation = try PortRelocation(project)
        let moves = relocation.moves(keepingPortsOf: containers) { mapping in
            guard let conflict = PortConflict(mapping) else { return .free }
            return conflict.project == project.name ? .own : .foreign
        }
        for move in moves {
            let detail =
                "port \(move.from)/\(move.transport.rawValue) is in use, published at "
                + "\(move.to) instead"
            progress(ProgressEvent("Service \(move.service)", "Moved", .warning, detail: detail))
        }
        return relocation.applying(moves)
    }
}
