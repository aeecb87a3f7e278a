public import Addresses
import DNS
public import Linux

/// Answers the containers' questions for names at 127.0.0.11, port 53, inside each of them.
///
/// It lives on one event loop and waits nowhere else. The sockets are in the container's network
/// namespace at ports of their own, and packet filter rules there lead port 53 to them, so that a
/// container can run a name server itself. What the zone does not know is asked upstream from
/// the host's namespace, where the host's own resolver at 127.0.0.53 can be reached too.
public final class NameServer {
    /// 127.0.0.11: nginx configurations rely on this address.
    public static let address = nameServerAddress

    let loop: EventLoop
    private let zone: (NameLookup, String) -> NameAnswer?
    private let hostServers: () -> [IPAddress]
    private var clients: [String: NameClient] = [:]
    private var rotation = 0
    private var pending: [ObjectIdentifier: UpstreamQuery] = [:]

    /// `zone` tells what is known about a name for the container with that id; nil for what is
    /// not ours. `hostServers` tells the host's name servers at the time of a question.
    public init(
        loop: EventLoop,
        hostServers: @escaping () -> [IPAddress] = { ResolverConfiguration.ofHost().nameServers },
        zone: @escaping (NameLookup, _ containerID: String) -> NameAnswer?
    ) {
        self.loop = loop
        self.hostServers = hostServers
        self.zone = zone
    }

    /// Starts answering in `namespace`, also when an earlier process did it there before.
    ///
    /// `upstreams` are the container's own servers for other names; empty for the host's.
    /// `forwards` is false on internal networks, from which no question may leave.
    public func serve(
        _ containerID: String,
        in namespace: borrowing Descriptor,
        upstreams: [IPAddress] = [],
        forwards: Bool = true
    ) throws(NetworkError) {
        stop(serving: containerID)
        let sockets = try doing("serve names to container \(containerID)") {
            () throws(SystemCallError) in
            try NameSockets(in: namespace)
        }
        let client = NameClient(
            containerID: containerID,
            sockets: sockets,
            upstreams: upstreams,
            forwards: forwards,
            server: self
        )
        try doing("watch the questions of container \(containerID)") {
            () throws(SystemCallError) in
            try client.start()
        }
        clients[containerID] = client
    }

    /// Stops answering a container; one that is not served is fine.
    public func stop(serving containerID: String) {
        clients.removeValue(forKey: containerID)?.stop()
    }

    /// Deals with one query and calls `reply` at most once, now or later.
    func handle(
        _ bytes: [UInt8],
        from client: NameClient,
        overStream: Bool,
        reply: @escaping ([UInt8]) -> Void
    ) {
        rotation &+= 1
        let resolution = NameResolution(rotation: rotation & 0xffff, overStream: overStream) {
            [zone] in zone($0, client.containerID)
        }
        switch resolution.decide(bytes) {
        case .ignore: return
        case .reply(let response): reply(response)
        case .forward(let query):
            forward(bytes, query, from: client, overStream: overStream, reply: reply)
        }
    }

    /// So many questions may wait for upstream servers at a time: of all containers, and of one,
    /// which must not use up the descriptors of all.
    private static let limits = (all: 512, each: 128)

    private func forward(
        _ bytes: [UInt8],
        _ query: Message,
        from client: NameClient,
        overStream: Bool,
        reply: @escaping ([UInt8]) -> Void
    ) {
        let servers = client.upstreams.isEmpty ? hostServers() : client.upstreams
        guard client.forwards, !servers.isEmpty, pending.count < Self.limits.all,
            client.pending < Self.limits.each
        else { return reply(Message(answering: query, .serverFailure).encoded()) }
        client.pending += 1
        let upstream = UpstreamQuery(
            bytes,
            query,
            servers: servers,
            overStream: overStream,
            loop: loop
        )
        pending[ObjectIdentifier(upstream)] = upstream
        upstream.start { [weak self] response in
            self?.pending[ObjectIdentifier(upstream)] = nil
            client.pending -= 1
            reply(response)
        }
    }
}
