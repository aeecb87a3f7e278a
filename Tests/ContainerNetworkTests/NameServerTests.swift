import Addresses
import ContainerNetwork
import DNS
import Linux
import Testing

@Suite(.enabled(if: mayChangeNetworks, "needs root to make network namespaces"))
struct NameServerTests {
    @Test(arguments: [false, true])
    func `a container asks for names at 127.0.0.11`(overStream: Bool) throws {
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

    @Test func `a new name server takes over from one that was killed`() throws {
        try withHost { host in
            let first = try Names(host)
            let a = try first.container("a")
            let second = try Names(host)
            try second.serve(a)
            #expect(try second.ask("web", from: a)?.answers.count == 1)
        }
    }

    @Test(arguments: [false, true])
    func `other names are asked upstream`(overStream: Bool) throws {
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

    @Test func `a server that is not there is passed over`() throws {
        try withHost { host in
            // Nobody listens at the host's own address: refused at once.
            let names = try Names(host, upstreams: [.v4(Host.address), .v4(Host.worldAddress)])
            let a = try names.container("a")
            try names.startUpstream(in: host.world)
            #expect(try names.ask("example.org", from: a)?.answers.count == 1)
        }
    }

    @Test func `without any server the question fails`() throws {
        try withHost { host in
            let names = try Names(host)
            let a = try names.container("a")
            #expect(try names.ask("example.org", from: a)?.responseCode == .serverFailure)
        }
    }

    @Test func `from an internal network no question leaves`() throws {
        try withHost { host in
            let names = try Names(host, upstreams: [.v4(Host.worldAddress)])
            let a = try names.container("a", forwards: false)
            try names.startUpstream(in: host.world)
            #expect(try names.ask("example.org", from: a)?.responseCode == .serverFailure)
            #expect(try names.ask("web", from: a)?.answers.count == 1)
        }
    }

    @Test func `many questions are on their way at a time`() throws {
        try withHost { host in
            let names = try Names(host, upstreams: [.v4(Host.worldAddress)])
            let a = try names.container("a")
            try names.startUpstream(in: host.world)
            #expect(try names.askMany(100, "example.org", from: a) == 100)
        }
    }

    @Test func `after stopping nobody answers`() throws {
        try withHost { host in
            let names = try Names(host)
            let a = try names.container("a")
            names.server.stop(serving: "a")
            #expect(throws: SystemCallError.self) {
                _ = try names.ask("web", from: a, overStream: true)
            }
        }
    }
}

/// A name server under test with its clients and its upstream server, on one event loop.
private final class Names {
    let loop: EventLoop
    let server: NameServer
    private var upstream: Upstream?

    init(_ host: borrowing Host, upstreams: [IPAddress] = []) throws {
        let loop = try EventLoop()
        self.loop = loop
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
        try NetworkNamespace.inside(container.namespace, RouteSocket.init).apply([.bringUp("lo")])
        try serve(container, forwards: forwards)
        return container
    }

    func serve(_ container: Container, forwards: Bool = true) throws {
        try server.serve(container.id, in: container.namespace, forwards: forwards)
    }

    func startUpstream(in namespace: borrowing Descriptor) throws {
        upstream = try Upstream(in: namespace, loop: loop)
    }

    /// Asks for an address of `name` from inside the container; nil after ten seconds of silence.
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

    /// Asks `count` times at once; returns how many answers came.
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

/// A container's process that asks one question.
private final class Client {
    private let socket: Socket
    private let overStream: Bool
    private var received: [UInt8] = []

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
        let length = [UInt8(query.count >> 8), UInt8(query.count & 0xff)]
        if !overStream { try socket.send(query) }
        try loop.watch(socket.number, for: overStream ? .writing : .reading) { [self] ready in
            do {
                if overStream, received.isEmpty, ready.contains(.writing) {
                    try socket.send(length + query)
                    try loop.change(socket.number, to: .reading)
                }
                guard let bytes = try socket.receive(65535) else { return }
                received += bytes
                guard !overStream || received.count > 2 else { return }
                loop.unwatch(socket.number)
                let message = try Message(decoding: Array(received.dropFirst(overStream ? 2 : 0)))
                completion(.success(message))
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

    private final class Connection {
        let socket: Socket
        init(_ socket: consuming Socket) { self.socket = socket }
    }

    init(in namespace: borrowing Descriptor, loop: EventLoop) throws {
        let address = SocketAddress(address: Host.worldAddress.bytes, port: 53)
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
            _ = try? self.datagrams.send(answer(bytes), to: sender)
        }
        try loop.watch(self.streams.number) { [self] _ in try? accept() }
    }

    private func accept() throws {
        guard let accepted = try streams.accept() else { return }
        let connection = Connection(accepted)
        stream = connection
        try loop.watch(connection.socket.number) { [self] _ in
            // The client closes when it has its answer.
            guard let bytes = try? connection.socket.receive(4096), bytes.count > 2 else {
                return loop.unwatch(connection.socket.number)
            }
            let response = answer(Array(bytes.dropFirst(2)))
            _ = try? connection.socket.send([0, UInt8(response.count)] + response)
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
