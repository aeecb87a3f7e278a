public import Addresses

/// The contents of `/etc/hosts` and `/etc/hostname` in a container.
public enum ContainerFiles {
    /// An additional line of `/etc/hosts`.
    public struct ExtraHost: Equatable, Sendable {
        public var name: String
        public var address: IPAddress

        public init(name: String, address: IPAddress) {
            self.name = name
            self.address = address
        }

        /// `address` may be the word `host-gateway`: the host as seen from the container. Nil for an
        /// invalid address, or if the gateway is unknown.
        public init?(name: String, address: String, hostGateway: IPAddress?) {
            let bare =
                address.hasPrefix("[") && address.hasSuffix("]")
                ? String(address.dropFirst().dropLast()) : address
            let resolved = bare == "host-gateway" ? hostGateway : IPAddress(bare)
            guard let resolved else { return nil }
            self.init(name: name, address: resolved)
        }
    }

    /// The content of `/etc/hostname`.
    public static func hostname(_ name: String) -> String { "\(name)\n" }

    /// The content of `/etc/hosts`: the loopback names, `extra`, and the container's own names at
    /// `addresses`.
    public static func hosts(
        hostname: String,
        domainName: String? = nil,
        addresses: [IPAddress],
        extra: [ExtraHost] = []
    ) -> String {
        let fullName = domainName.flatMap { $0.isEmpty ? nil : "\(hostname).\($0) " } ?? ""
        let lines =
            loopback + extra.map { "\($0.address)\t\($0.name)" }
            + addresses.map { "\($0)\t\(fullName)\(hostname)" }
        return lines.map { "\($0)\n" }.joined()
    }

    /// The lines that every container has. Source: hosts(5).
    private static let loopback = [
        "127.0.0.1\tlocalhost", "::1\tlocalhost ip6-localhost ip6-loopback",
        "fe00::\tip6-localnet", "ff00::\tip6-mcastprefix", "ff02::1\tip6-allnodes",
        "ff02::2\tip6-allrouters",
    ]
}
