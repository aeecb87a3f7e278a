public import Addresses
import DNS
public import Linux

/// Answers the containers' DNS queries at 127.0.0.11, port 53, inside each of them.
///
/// It runs on one event loop and never blocks. The sockets are in the container's network namespace
/// at ports of their own, to which packet filter rules there redirect port 53, so that a container
/// can run a name server itself. Questions that the zone does not answer are forwarded from the
/// container's namespace, so that they take the container's routes, for example into a VPN. Only
/// servers at the host's loopback addresses, such as 127.0.0.53, are asked from the host.
public final class NameServer {
    /// The answer to a lookup by the container with that id; nil to forward the question.
    public typealias Zone = (NameLookup, _ containerID: String) -> NameAnswer?

    /// A container that is served.
    private struct Served {
        var client: NameClient
        /// The container's own servers for other names; empty for the host's.
        var upstreams: [IPAddress]
        var forwards: Bool
        var reachesIPv6: Bool
        var namespace: Shared<Descriptor>
        /// Questions of the container that wait for upstream servers.
        var pending: [ObjectIdentifier: UpstreamQuery] = [:]
    }

    /// 127.0.0.11, which nginx configurations rely on.
    public static let address = nameServerAddress

    private let loop: EventLoop
    private let zone: Zone
    private let readHostServers: () -> [IPAddress]
    private var hostServers: (addresses: [IPAddress], expiry: ContinuousClock.Instant)?
    private var served: [String: Served] = [:]
    private var pendingCount = 0
    private var rotation = 0

    /// `hostServers` returns the host's current name servers; called at most once a second.
    public init(
        loop: EventLoop,
        hostServers: @escaping () -> [IPAddress] = { ResolverConfiguration.ofHost().nameServers },
        zone: @escaping Zone
    ) {
        self.loop = loop
        readHostServers = hostServers
        self.zone = zone
    }

    /// Starts answering in `namespace`, also when an earlier process did so before.
    ///
    /// `upstreams` are the container's own servers for other names, by default the host's.
    /// `forwards` is false for a container that is only on internal networks; `reachesIPv6` is true
    /// for one with an IPv6 address.
    public func serve(
        _ containerID: String,
        in namespace: borrowing Descriptor,
        upstreams: [IPAddress] = [],
        forwards: Bool = true,
        reachesIPv6: Bool = false
    ) throws(NetworkError) {
        stop(serving: containerID)
        let operation = "serve names to container \(containerID)"
        let sockets = try NetworkError.during(operation, try NameSockets(in: namespace))
        let own = try NetworkError.during(operation, try namespace.duplicate())
        let client = NameClient(sockets, loop: loop) { [weak self] query, reply in
            self?.handle(query, from: containerID, reply)
        }
        try NetworkError.during(operation, try client.start())
        served[containerID] = Served(
            client: client,
            // Forwarding to ourselves would never end.
            upstreams: upstreams.filter { $0 != .v4(Self.address) },
            forwards: forwards,
            reachesIPv6: reachesIPv6,
            namespace: Shared(own)
        )
    }

    /// Stops answering a container, if it is served.
    public func stop(serving containerID: String) {
        guard let served = served.removeValue(forKey: containerID) else { return }
        served.client.stop()
        for query in served.pending.values { query.cancel() }
        pendingCount -= served.pending.count
    }

    /// Answers one query, now or later.
    private func handle(
        _ query: NameQuery,
        from containerID: String,
        _ reply: @escaping NameReply
    ) {
        rotation &+= 1
        let resolution = NameResolution(
            rotation: rotation & 0xffff,
            overStream: query.overStream
        ) { [zone] lookup in zone(lookup, containerID) }
        switch resolution.decide(query.bytes) {
        case .ignore: return
        case .reply(let response): reply(response)
        case .forward(let message): forward(query, message, from: containerID, reply)
        }
    }

    /// The numbers of questions that may wait for upstream servers: of all containers, and of one,
    /// which must not use up the descriptors of all.
    private static let limits = (all: 512, each: 128)

    private func forward(
        _ query: NameQuery,
        _ message: Message,
        from containerID: String,
        _ reply: @escaping NameReply
    ) {
        guard let client = served[containerID], client.forwards,
            pendingCount < Self.limits.all, client.pending.count < Self.limits.each
        else { return reply(Message(answering: message, .serverFailure).encoded()) }
        let upstream = UpstreamQuery(query, message, servers: servers(for: client), loop: loop)
        let identifier = ObjectIdentifier(upstream)
        served[containerID]?.pending[identifier] = upstream
        pendingCount += 1
        upstream.start { [weak self] response in
            if self?.served[containerID]?.pending.removeValue(forKey: identifier) != nil {
                self?.pendingCount -= 1
            }
            reply(response)
        }
    }

    /// The container's own servers or the host's, with the namespace from which each is asked.
    ///
    /// The host's servers of a family that the container lacks are asked from the host, but only if
    /// there are no others.
    private func servers(for client: Served) -> [UpstreamServer] {
        guard client.upstreams.isEmpty else {
            return client.upstreams.map { .init(address: $0, namespace: client.namespace) }
        }
        let all = currentHostServers()
        let reachable = all.filter { $0.isLoopback || $0.isIPv4 || client.reachesIPv6 }
        guard !reachable.isEmpty else { return all.map { .init(address: $0) } }
        return reachable.map {
            .init(address: $0, namespace: $0.isLoopback ? nil : client.namespace)
        }
    }

    private func currentHostServers() -> [IPAddress] {
        let now = ContinuousClock.now
        if let hostServers, hostServers.expiry > now { return hostServers.addresses }
        let addresses = readHostServers()
        hostServers = (addresses, now + .seconds(1))
        return addresses
    }
}
