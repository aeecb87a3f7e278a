import Addresses
import ContainerNetwork
import Glibc
import Linux
import Testing

@Suite(.enabled(if: mayChangeNetworks, "needs root to make network namespaces"))
struct PortForwarderTests {
    private let loopback = IPAddress.v4(IPv4Address(rawValue: 0x7f00_0001))

    @Test(arguments: ["127.0.0.1", "::1"])
    func `a connection to localhost carries all bytes in both directions`(
        address: String
    ) throws {
        try withHost { host in
            let setup = try Setup(host)
            let mapping = try setup.publish(PortRequest(containerPort: 80))
            let target = socket(try #require(IPAddress(address)), mapping.hostPort)
            // Much more than all buffers hold, so that both sides must wait for each other.
            let sent = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 4) }
            let echo = try Echo(in: setup.container.namespace, port: 80, loop: setup.loop)
            let client = try StreamClient(to: target, sending: sent, loop: setup.loop)
            try setup.run { client.isDone }
            #expect(client.received == sent)
            #expect(client.fault == nil && echo.connections == 1)
        }
    }

    @Test func `a connection that no process in the container accepts is broken`() throws {
        try withHost { host in
            let setup = try Setup(host)
            let mapping = try setup.publish(PortRequest(containerPort: 80))
            let client = try StreamClient(
                to: socket(loopback, mapping.hostPort),
                sending: [1],
                loop: setup.loop
            )
            try setup.run { client.isDone }
            #expect(client.received.isEmpty)
        }
    }

    @Test func `connections wait until the container runs`() throws {
        try withHost { host in
            let setup = try Setup(host)
            let mapping = try setup.forwarder.reserve(PortRequest(containerPort: 80))
            let client = try StreamClient(
                to: socket(loopback, mapping.hostPort),
                sending: [1, 2],
                loop: setup.loop
            )
            let echo = try Echo(in: setup.container.namespace, port: 80, loop: setup.loop)
            try setup.forwarder.forward(mapping, to: setup.address)
            try setup.run { client.isDone }
            #expect(client.received == [1, 2] && echo.connections == 1)
        }
    }

    @Test func `datagrams to localhost are answered`() throws {
        try withHost { host in
            let setup = try Setup(host)
            let mapping = try setup.publish(PortRequest(containerPort: 53, protocol: .udp))
            let inside = try receiver(in: setup.container.namespace, port: 53)
            let client = try Socket.datagrams(to: socket(loopback, mapping.hostPort))
            var answer: [UInt8]?
            try setup.loop.watch(inside.number) { _ in
                if let (bytes, sender) = try? inside.receiveDatagram(100) {
                    _ = try? inside.send(bytes + [9], to: sender)
                }
            }
            try setup.loop.watch(client.number) { _ in
                answer = (try? client.receive(100)) ?? nil
                setup.loop.stop()
            }
            try client.send([7])
            try setup.run { answer != nil }
            #expect(answer == [7, 9])
            setup.loop.unwatch(inside.number)
        }
    }

    @Test func `ports of a network bound to one address are reachable only there`() throws {
        try withHost { host in
            let option = "com.docker.network.bridge.host_binding_ipv4"
            let setup = try Setup(host, options: [option: "127.0.0.1"])
            let request = PortRequest(hostPorts: 8080...8080, containerPort: 80)
            let access = try #require(try host.store.network("one")).access()
            let mapping = try setup.publish(try #require(access.published(request)))
            try host.store.publish([mapping], to: setup.endpoint)
            let echo = try Echo(in: setup.container.namespace, port: 80, loop: setup.loop)
            let local = try StreamClient(
                to: socket(loopback, 8080),
                sending: [1],
                loop: setup.loop
            )
            try setup.run { local.isDone }
            let remote = try inside(host.world) {
                try StreamClient(
                    to: socket(.v4(Host.address), 8080),
                    sending: [1],
                    loop: setup.loop
                )
            }
            try setup.run { remote.isDone }
            #expect(local.received == [1] && echo.connections == 1)
            #expect(remote.received.isEmpty && remote.fault != nil)
            #expect(mapping.hostIP == loopback)
            let explicit = PortRequest(hostIP: .v4(Host.address), containerPort: 80)
            #expect(access.published(explicit) == explicit)
        }
    }

    @Test func `an error about a port in use names its owner`() throws {
        try withHost { host in
            let setup = try Setup(host)
            let other = try Socket.listening(at: socket(loopback))
            let port = try other.localAddress().port
            let error = #expect(throws: NetworkError.self) {
                try setup.forwarder.reserve(
                    PortRequest(hostPorts: port...port, containerPort: 80)
                )
            }
            guard case .portTaken(let mapping, let owner) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(mapping.hostPort == port && owner?.pid == getpid())
            #expect(owner?.command.isEmpty == false)
            withExtendedLifetime(other) {}
        }
    }

    @Test func `the first free port of a range is taken`() throws {
        try withHost { host in
            let setup = try Setup(host)
            let request = PortRequest(hostPorts: 9000...9002, containerPort: 80)
            let other = try Socket.listening(at: socket(loopback, 9001))
            #expect(try setup.forwarder.reserve(request).hostPort == 9000)
            let second = try setup.forwarder.reserve(request)
            #expect(second.hostPort == 9002)
            #expect(throws: NetworkError.portsTaken(request)) {
                try setup.forwarder.reserve(request)
            }
            setup.forwarder.release(second)
            #expect(try setup.forwarder.reserve(request).hostPort == 9002)
            withExtendedLifetime(other) {}
        }
    }

    @Test func `an address that the host lacks is rejected`() throws {
        try withHost { host in
            let setup = try Setup(host)
            let address = try #require(IPAddress("203.0.113.5"))
            #expect(throws: NetworkError.hostAddressMissing(address)) {
                try setup.forwarder.reserve(
                    PortRequest(hostIP: address, hostPorts: 80...80, containerPort: 80)
                )
            }
        }
    }
}

/// A container with a forwarder of its ports.
private final class Setup {
    let loop: EventLoop
    let forwarder: PortForwarder
    let container: Container
    let endpoint: Endpoint
    let address: IPAddress

    init(_ host: borrowing Host, options: [String: String] = [:]) throws {
        loop = try EventLoop()
        forwarder = PortForwarder(loop: loop)
        try host.store.create(NetworkSpecification(name: "one", options: options))
        container = try Container("a")
        endpoint = try container.attach(to: "one", of: host.store)
        address = try #require(endpoint.ipv4)
    }

    func publish(_ request: PortRequest) throws -> PortMapping {
        let mapping = try forwarder.reserve(request)
        try forwarder.forward(mapping, to: address)
        return mapping
    }

    /// Runs until `isDone`; the handler that makes it true stops the loop.
    func run(until isDone: () -> Bool) throws {
        var isLate = false
        let timer = loop.after(.seconds(20)) {
            isLate = true
            self.loop.stop()
        }
        while !isDone(), !isLate { try loop.run() }
        loop.cancel(timer)
        #expect(!isLate)
    }
}

/// Sends everything, finishes, and reads to the end.
private final class StreamClient {
    private(set) var received: [UInt8] = []
    private(set) var isDone = false
    private(set) var fault: (any Error)?
    private let connection: Socket
    private var unsent: ArraySlice<UInt8>
    private let loop: EventLoop

    init(to target: SocketAddress, sending bytes: [UInt8], loop: EventLoop) throws {
        connection = try Socket.stream(to: target)
        unsent = bytes[...]
        self.loop = loop
        try loop.watch(connection.number, for: [.reading, .writing]) { [self] ready in
            do {
                try handle(ready)
            } catch {
                fault = error
                finish()
            }
        }
    }

    private func handle(_ ready: EventLoop.Interest) throws {
        if ready.contains(.writing), !unsent.isEmpty {
            unsent.removeFirst(try connection.send(unsent.prefix(100_000)))
            if unsent.isEmpty {
                connection.finishWriting()
                try loop.change(connection.number, to: .reading)
            }
        }
        guard ready.contains(.reading), let bytes = try connection.receive(50_000) else { return }
        received += bytes
        if bytes.isEmpty { finish() }
    }

    private func finish() {
        loop.unwatch(connection.number)
        isDone = true
        loop.stop()
    }
}

/// A process in a container that returns everything it received, once the sender has finished.
private final class Echo {
    private(set) var connections = 0
    private let listener: Socket
    private let loop: EventLoop

    private final class Connection {
        let socket: Socket
        var bytes: [UInt8] = []
        var hasAll = false
        init(_ socket: consuming Socket) { self.socket = socket }
    }

    init(in namespace: borrowing Descriptor, port: UInt16, loop: EventLoop) throws {
        listener = try NetworkNamespace.inside(namespace) { () throws(SystemCallError) -> Socket in
            try .listening(at: SocketAddress(address: [0, 0, 0, 0], port: port))
        }
        self.loop = loop
        try loop.watch(listener.number) { [self] _ in try? accept() }
    }

    private func accept() throws {
        guard let accepted = try listener.accept() else { return }
        connections += 1
        let connection = Connection(accepted)
        try loop.watch(connection.socket.number) { [self] _ in
            // A failure shows as missing bytes.
            do { try serve(connection) } catch { loop.unwatch(connection.socket.number) }
        }
    }

    private func serve(_ connection: Connection) throws {
        if !connection.hasAll {
            guard let bytes = try connection.socket.receive(70_000) else { return }
            connection.bytes += bytes
            guard bytes.isEmpty else { return }
            connection.hasAll = true
            try loop.change(connection.socket.number, to: .writing)
        }
        connection.bytes.removeFirst(try connection.socket.send(connection.bytes))
        guard connection.bytes.isEmpty else { return }
        loop.unwatch(connection.socket.number)
        connection.socket.finishWriting()
    }
}
