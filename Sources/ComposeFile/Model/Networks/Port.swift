/// A container port published on the host.
public struct Port: Sendable, Equatable {
    /// A descriptive name.
    public var name: String?
    /// `ingress` or `host`; equivalent on a single machine.
    public var mode: String?
    /// The host address to bind; nil means all addresses.
    public var hostIP: String?
    /// The container port.
    public var target: Int
    /// The host port, or a range to choose a free one from; nil means any free port.
    public var published: String?
    /// `tcp`, `udp` or `sctp`.
    public var `protocol`: String?
    /// The application protocol, such as `http`.
    public var appProtocol: String?
    /// Its `x-` extension fields.
    public var extensions: Extensions = [:]

    /// Creates a port published on any free host port.
    public init(target: Int) {
        self.target = target
    }

    /// The host ports to choose from; nil means any free port.
    public var publishedRange: ClosedRange<Int>? {
        guard let published else { return nil }
        let bounds = published.split(separator: "-", maxSplits: 1).compactMap { Int($0) }
        guard let first = bounds.first, let last = bounds.last, first <= last, first > 0 else {
            return nil
        }
        return first...last
    }
}

extension Port {
    init(_ fields: Fields) throws(ComposeError) {
        name = try fields.string("name")
        mode = try fields.string("mode")
        hostIP = try fields.string("host_ip")
        guard let target = try fields.integer("target") else {
            throw ComposeError(.missingKey("target", path: "\(fields.path)"), at: fields.location)
        }
        guard (1...65535).contains(target) else {
            throw fields.invalid("target", "port", "use 1 to 65535")
        }
        self.target = target
        published = try fields.string("published")
        self.protocol = try fields.string("protocol")
        appProtocol = try fields.string("app_protocol")
        extensions = fields.extensions
    }
}
