import Orchestrator

extension ContainerListing {
    /// A published or exposed port of a container.
    struct Publisher: Encodable {
        /// The host's address; empty for a port that is only exposed.
        var url: String
        var targetPort: UInt16
        /// 0 for a port that is only exposed.
        var publishedPort: UInt16
        var `protocol`: String

        enum CodingKeys: String, CodingKey {
            case url = "URL"
            case targetPort = "TargetPort"
            case publishedPort = "PublishedPort"
            case `protocol` = "Protocol"
        }
    }

    /// The ports of a running container by target port, those published at all of the host's
    /// addresses once for IPv4 and once for IPv6.
    var publishers: [Publisher] {
        guard container.isRunning else { return [] }
        return Publisher.all(
            published: container.state.ports,
            exposed: container.record.exposedPorts
        )
    }

    /// Whether other hosts can reach one of its ports.
    var isOpen: Bool { publishers.contains { ["0.0.0.0", "::"].contains($0.url) } }

    /// The PORTS column.
    var ports: String { Publisher.text(of: publishers) }
}

extension ContainerListing.Publisher {
    static func all(published: [PublishedPort], exposed: [String]) -> [Self] {
        let published = published.flatMap { port in
            (port.hostAddress.isEmpty ? ["0.0.0.0", "::"] : [port.hostAddress]).map { host in
                Self(
                    url: host,
                    targetPort: port.containerPort,
                    publishedPort: port.hostPorts.lowerBound,
                    protocol: port.transport
                )
            }
        }
        let targets = Set(published.map { "\($0.targetPort)/\($0.protocol)" })
        let exposed = exposed.flatMap(self.exposed).filter {
            !targets.contains("\($0.targetPort)/\($0.protocol)")
        }
        return (exposed + published).sorted()
    }

    /// Formats sorted ports as docker does: exposed ports and ports published under their own
    /// number, with consecutive ones joined, then the others.
    ///
    /// For example `5432/tcp, 127.0.0.1:90-92->90-92/tcp, 0.0.0.0:8080->80/tcp`.
    static func text(of publishers: [Self]) -> String {
        var ranges = PortRanges()
        var translated: [String] = []
        for publisher in publishers {
            if publisher.url.isEmpty || publisher.publishedPort == publisher.targetPort {
                ranges.add(publisher)
            } else {
                translated.append(
                    "\(publisher.host):\(publisher.publishedPort)->"
                        + "\(publisher.targetPort)/\(publisher.protocol)"
                )
            }
        }
        return (ranges.texts + translated).joined(separator: ", ")
    }

    /// Whether the host forwards the port, which an exposed port does not need.
    var isPublished: Bool { publishedPort != 0 }
}

extension ContainerListing.Publisher: Comparable {
    /// Expands an exposed port or range, such as `80/tcp` or `9000-9002/udp`.
    fileprivate static func exposed(_ text: String) -> [Self] {
        let parts = text.split(separator: "/")
        let bounds = (parts.first ?? "").split(separator: "-").compactMap { UInt16($0) }
        guard let first = bounds.first, let last = bounds.last, first <= last else { return [] }
        let transport = parts.count > 1 ? String(parts[1]) : "tcp"
        return (first...last).map {
            Self(url: "", targetPort: $0, publishedPort: 0, protocol: transport)
        }
    }

    static func < (left: Self, right: Self) -> Bool {
        (left.targetPort, left.url, left.publishedPort, left.protocol)
            < (right.targetPort, right.url, right.publishedPort, right.protocol)
    }

    /// The host's address, in brackets if it is an IPv6 address.
    fileprivate var host: String { url.contains(":") ? "[\(url)]" : url }
}

/// Joins consecutive ports of one address and protocol.
private struct PortRanges {
    private struct Group {
        var key: String
        var host: String
        var transport: String
        var ports: ClosedRange<UInt16>

        var text: String {
            let range =
                ports.count == 1
                ? "\(ports.lowerBound)" : "\(ports.lowerBound)-\(ports.upperBound)"
            return (host.isEmpty ? "" : "\(host):\(range)->") + "\(range)/\(transport)"
        }
    }

    private var finished: [String] = []
    /// The last range of each address and protocol, in order of first appearance.
    private var open: [Group] = []

    var texts: [String] { finished + open.map(\.text) }

    /// Adds a port; ports come in ascending order.
    mutating func add(_ publisher: ContainerListing.Publisher) {
        let port = publisher.targetPort
        let new = Group(
            key: "\(publisher.url)/\(publisher.protocol)",
            host: publisher.host,
            transport: publisher.protocol,
            ports: port...port
        )
        guard let index = open.firstIndex(where: { $0.key == new.key }) else {
            return open.append(new)
        }
        let present = open[index].ports
        if port == present.upperBound { return }
        if present.upperBound < .max, port == present.upperBound + 1 {
            open[index].ports = present.lowerBound...port
        } else {
            finished.append(open[index].text)
            open[index] = new
        }
    }
}
