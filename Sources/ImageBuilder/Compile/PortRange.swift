/// An argument of EXPOSE: a port or a range of ports, with a protocol.
struct PortRange {
    /// `80/tcp`, `81/tcp` and so on.
    let ports: [String]

    /// Parses `80`, `80-82/udp` or `8080:80`; nil for other text.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2 else { return nil }
        let name = parts.count == 2 && !parts[1].isEmpty ? parts[1].lowercased() : "tcp"
        guard ["tcp", "udp", "sctp"].contains(name) else { return nil }
        let container = first.split(separator: ":", omittingEmptySubsequences: false).last ?? ""
        let bounds = container.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = bounds.compactMap { UInt16($0) }
        guard (1...2).contains(bounds.count), numbers.count == bounds.count,
            let low = numbers.first, let high = numbers.last, low <= high
        else { return nil }
        ports = (low...high).map { "\($0)/\(name)" }
    }
}
