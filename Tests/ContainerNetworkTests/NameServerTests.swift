import Addresses
import ContainerNetwork
import DNS
import Linux
import SystemPackage
import Testing

@Suite(.enabled(if: mayChangeNetworks, "needs root to make network namespaces"))
struct NameServerTests {
    @Test(arguments: [false, true])
    func `a container resolves names at 127.0.0.11`(overStream: Bool) throws {
        try withHost { host in
            let names = try Names(host)
            let a = try names.container("a")
            let response = try #require(try names.ask("web", from: a, overStream: overStream))
            #expect(response.answers.map(\.data) == [.address(try #require(IPAddress("10.0.0.7")))])
            #expect(try names.ask("whoami", from: a, overStream: overStream)?.answers.count == 1)
        }
    }

    @Test func `a container can run a name server itself`() throws {
        try withHost { host in
            let names = try Names(host)
            let a = try names.container("a")
            let own = try receiver(in: a.namespace, port: 53)
            #expect(try names.ask("web", from: a)?.answers.count == 1)
            try send("mine", to: .v4(IPv4Address(rawValue: 0x7f00_0001)), 53, from: a.namespace)
            #expect(try next(own)?.text == "mine")
        }
    }

    @Test func `a new name server replaces one that was killed`() throws {
        try withHost { host in
            let first = try Names(host)
            let a = try first.container("a")
            let second = try Names(host)
            try second.serve(a)
            #expect(try second.ask("web", from: a)?.answers.count == 1)
        }
    }

    @Test(arguments: [false, true])
    func `questions about other names are forwarded`(overStream: Bool) throws {
        try withHost { host in
            let names = try Names(host, upstreams: [.v4(Host.worldAddress)])
            let a = try names.container("a")
            try names.startUpstream(in: host.world)
            let response = try #require(
                try names.ask("example.org", from: a, overStream: overStream)
            )
            #expect(
                response.answers.map(\.data) == [.address(try #require(IPAddress("192.0.2.80")))]
            )
        }
    }

    @Test func `an unreachable server is skipped`() throws {
        try withHost { host in
            // No process listens at the host's own address, so the question is refused at once.
            let names = try Names(host, upstreams: [.v4(Host.address), .v4(Host.worldAddress)])
            let a = try names.container("a")
            try names.startUpstream(in: host.world)
            #expect(try names.ask("example.org", from: a)?.answers.count == 1)
        }
    }

    @Test func `without an upstream server the question fails`() throws {
        try withHost { host in
            let names = try Names(host)
            let a = try names.container("a")
            #expect(try names.ask("example.org", from: a)?.responseCode == .serverFailure)
        }
    }

    @Test func `no question leaves an internal network`() throws {
        try withHost { host in
            let names = try Names(host, upstreams: [.v4(Host.worldAddress)])
            let a = try names.container("a", forwards: false)
            try names.startUpstream(in: host.world)
            #expect(try names.ask("example.org", from: a)?.responseCode == .serverFailure)
            #expect(try names.ask("web", from: a)?.answers.count == 1)
        }
    }

    @Test func `forwarded questions leave from the container's namespace`() throws {
        try withHost { host in
            let names = try Names(host)
            let a = try names.container("a")
            let b = try Container("b")
            let server = try #require(try b.attach(to: "one", of: host.store).ipv4)
            try names.serve(a, upstreams: [server])
            try names.startUpstream(in: b.namespace, at: server)
            #expect(try names.ask("example.org", from: a)?.answers.count == 1)
            #expect(names.lastClient?.description == "172.17.0.2")
        }
    }

    @Test func `a container's server may be at its own loopback address`() throws {
        try withHost { host in
            let names = try Names(host)
            let a = try names.container("a")
            let loopback = IPAddress.v4(IPv4Address(rawValue: 0x7f00_0001))
            try names.serve(a, upstreams: [loopback])
            try names.startUpstream(in: a.namespace, at: loopback)
            #expect(try names.ask("example.org", from: a)?.answers.count == 1)
        }
    }

    @Test func `the host's server at a loopback address is asked from the host`() throws {
        try withHost { host in
            let loopback = IPAddress.v4(IPv4Address(rawValue: 0x7f00_0035))
            let names = try Names(host, upstreams: [loopback])
            let a = try names.container("a")
            try names.startUpstream(in: host.namespace, at: loopback)
            #expect(try names.ask("example.org", from: a)?.answers.count == 1)
        }
    }

    @Test func `many questions are forwarded concurrently`() throws {
        try withHost { host in
            let names = try Names(host, upstreams: [.v4(Host.worldAddress)])
            let a = try names.container("a")
            try names.startUpstream(in: host.world)
            #expect(try names.askMany(100, "example.org", from: a) == 100)
        }
    }

    @Test func `no process answers after the server has stopped`() throws {
        try withHost { host in
            let names = try Names(host)
            let a = try names.container("a")
            names.server.stop(serving: "a")
            let error = #expect(throws: SystemCallError.self) {
                _ = try names.ask("web", from: a, overStream: true)
            }
            #expect(error?.reason == .connectionRefused)
        }
    }
}

/// A name server under test with its clients and its upstream server, on one event loop.
private final class Names {
    let loop: EventLoop
    let server: NameServer
    private let store: NetworkStore
    private var upstream: Upstream?

    init(_ host: borrowing Host, upstreams: [IPAddress] = []) throws {
        let loop = try EventLoop()
        self.loop = loop
        store = host.store
        try store.create(NetworkSpecification(name: "one"))
        server = NameServer(
            loop: loop,
            hostServers: { upstreams },
            zone: { lookup, container in
                switch lookup {
                case .addresses(of: "web"): .addresses([IPAddress("10.0.0.7")].compactMap(\.self))
                case .addresses(of: "whoami") where container == "a":
                    .addresses([IPAddress("10.0.0.8")].compactMap(\.self))
                default: nil
                }
            }
        )
    }

    func container(_ id: String, forwards: Bool = true) throws -> Container {
        let container = try Container(id)
        _ = try container.attach(to: "one", of: store)
        try serve(container, forwards: forwards)
        return container
    }

    func serve(
        _ container: Container,
        upstreams: [IPAddress] = [],
        forwards: Bool = true
    ) throws {
        try server.serve(
            container.id,
            in: container.namespace,
            upstreams: upstreams,
            forwards: forwards
        )
    }

    func startUpstream(
        in namespace: borrowing Descriptor,
        at address: IPAddress = .v4(Host.worldAddress)
    ) throws {
        upstream = try Upstream(in: namespace, at: address, loop: loop)
    }

    /// The address from which the upstream server was asked last.
    var lastClient: IPAddress? { upstream?.lastClient }

    /// Queries an address of `name` from inside the container; nil after ten seconds without an
    /// answer.
    func ask(_ name: String, from container: Container, overStream: Bool = false) throws -> Message?
    {
        let client = try Client(in: container.namespace, overStream: overStream)
        var result: Result<Message?, any Error> = .success(nil)
        try client.send(try query(name), on: loop) { outcome in
            result = outcome
            self.loop.stop()
        }
        try run()
        return try result.get()
    }

    /// Sends `count` queries at once; returns the number of answers.
    func askMany(_ count: Int, _ name: String, from container: Container) throws -> Int {
        var answers = 0
        let clients = try (0..<count).map { _ in
            try Client(in: container.namespace, overStream: false)
        }
        for client in clients {
            try client.send(try query(name), on: loop) { outcome in
                if case .success(let message) = outcome, message?.answers.isEmpty == false {
                    answers += 1
                }
                if answers == count { self.loop.stop() }
            }
        }
        try run()
        return answers
    }

    private func query(_ name: String) throws -> [UInt8] {
        let question = Question(name: try #require(DomainName(name)), type: .a)
        return Message(id: .random(in: 0...(.max)), question: question).encoded()
    }

    private func run() throws {
        let timer = loop.after(.seconds(10)) { self.loop.stop() }
        try loop.run()
        loop.cancel(timer)
    }
}

/// A process in a container that sends one query.
private final class Client {
    private let socket: Socket
    private let overStream: Bool
    private var received = DNSFraming()
    private var hasSent = false

    init(in namespace: borrowing Descriptor, overStream: Bool) throws {
        let server = SocketAddress(address: NameServer.address.bytes, port: 53)
        socket = try NetworkNamespace.inside(namespace) { () throws(SystemCallError) -> Socket in
            overStream ? try .stream(to: server) : try .datagrams(to: server)
        }
        self.overStream = overStream
    }

    func send(
        _ query: [UInt8],
        on loop: EventLoop,
        completion: @escaping (Result<Message?, any Error>) -> Void
    ) throws {
        if !overStream { try socket.send(query) }
        try loop.watch(socket.number, for: overStream ? .writing : .reading) { [self] ready in
            do {
                if overStream, !hasSent, ready.contains(.writing) {
                    hasSent = true
                    try socket.send(DNSFraming.frame(query))
                    try loop.change(socket.number, to: .reading)
                }
                guard let bytes = try socket.receive(65535) else { return }
                received.add(overStream ? bytes : DNSFraming.frame(bytes))
                guard let response = received.next() else { return }
                loop.unwatch(socket.number)
                completion(.success(try Message(decoding: response)))
            } catch {
                loop.unwatch(socket.number)
                completion(.failure(error))
            }
        }
    }
}

/// A name server in the world that knows one address for every name.
private final class Upstream {
    private let datagrams: Socket
    private let streams: Socket
    private let loop: EventLoop
    private var stream: Connection?
    private(set) var lastClient: IPAddress?

    private final class Connection {
        let socket: Socket
        init(_ socket: consuming Socket) { self.socket = socket }
    }

    init(in namespace: borrowing Descriptor, at address: IPAddress, loop: EventLoop) throws {
        let address = SocketAddress(address: address.bytes, port: 53)
        let datagrams = try NetworkNamespace.inside(namespace) {
            () throws(SystemCallError) -> Socket in
            try .datagrams(at: address)
        }
        let streams = try NetworkNamespace.inside(namespace) {
            () throws(SystemCallError) -> Socket in
            try .listening(at: address)
        }
        self.datagrams = datagrams
        self.streams = streams
        self.loop = loop
        try loop.watch(self.datagrams.number) { [self] _ in
            // A failure shows as a missing answer.
            guard let (bytes, sender) = try? self.datagrams.receiveDatagram(4096) else { return }
            lastClient = IPAddress(bytes: sender.address)
            _ = try? self.datagrams.send(answer(bytes), to: sender)
        }
        try loop.watch(self.streams.number) { [self] _ in try? accept() }
    }

    private func accept() throws {
        guard let accepted = try streams.accept() else { return }
        let connection = Connection(accepted)
        stream = connection
        var received = DNSFraming()
        try loop.watch(connection.socket.number) { [self] _ in
            // The client closes when it has its answer.
            guard let bytes = try? connection.socket.receive(4096), !bytes.isEmpty else {
                return loop.unwatch(connection.socket.number)
            }
            received.add(bytes)
            while let query = received.next() {
                _ = try? connection.socket.send(DNSFraming.frame(answer(query)))
            }
        }
    }

    private func answer(_ bytes: [UInt8]) -> [UInt8] {
        guard let query = try? Message(decoding: bytes), let name = query.questions.first?.name
        else { return [] }
        var response = Message(answering: query)
        response.answers = [IPAddress("192.0.2.80")].compactMap(\.self).map {
            ResourceRecord(name: name, timeToLive: 60, data: .address($0))
        }
        return response.encoded()
    }
}
