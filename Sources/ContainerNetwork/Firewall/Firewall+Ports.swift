import Addresses

extension Firewall {
    /// An entry of one of the maps from published ports to containers.
    struct Entry: Equatable {
        var map: String
        var key: String
        var target: String
    }

    func adding(_ entries: [Entry]) -> String {
        entries.map { "add element inet \(table) \($0.map) { \($0.key) : \($0.target) }\n" }
            .joined()
    }

    func removing(_ entries: [Entry]) -> String {
        entries.map { "delete element inet \(table) \($0.map) { \($0.key) }\n" }.joined()
    }

    /// The entries that translate `mapping` to `endpoint`, one for each family that both have. A
    /// port at a loopback address has none: the forwarder's socket serves it.
    static func entries(for mapping: PortMapping, to endpoint: Endpoint) -> [Entry] {
        endpoint.addresses.compactMap { address in
            let family = address.isIPv4 ? "4" : "6"
            let target =
                "\(address.isIPv4 ? "\(address)" : "[\(address)]") . \(mapping.containerPort)"
            let key = "\(mapping.protocol.rawValue) . \(mapping.hostPort)"
            guard let host = mapping.hostIP else {
                return Entry(map: "published\(family)", key: key, target: target)
            }
            guard host.isIPv4 == address.isIPv4, !host.isLoopback else { return nil }
            return host.isUnspecified
                ? Entry(map: "published\(family)", key: key, target: target)
                : Entry(map: "published\(family)at", key: "\(host) . \(key)", target: target)
        }
    }
}
