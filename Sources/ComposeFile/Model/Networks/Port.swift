/// A port of the container that is reachable from the host and beyond.
public struct Port: Sendable, Equatable {
    /// What the reader calls it.
    public var name: String?
    /// `ingress` or `host`; no difference on one machine.
    public var mode: String?
    /// The address of the host to listen at; nil is every one.
    public var hostIP: String?
    /// The port in the container.
    public var target: Int
    /// The port of the host, or a range of which one is taken; nil is any free one.
    public var published: String?
    /// `tcp`, `udp` or `sctp`.
    public var `protocol`: String?
    /// What is spoken over it, as `http`.
    public var appProtocol: String?
    /// Its `x-` keys.
    public var extensions: Extensions = [:]

    /// Makes a port that is published at any free one.
    public init(target: Int) {
        self.target = target
    }

    /// The ports of the host that may be taken; nil is any free one.
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
