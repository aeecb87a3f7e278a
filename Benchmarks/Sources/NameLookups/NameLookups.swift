import Linux

/// Measures a DNS server: `NameLookups SERVER NAME COUNT`, in the network namespace of a container.
///
/// Eight sockets each keep one question outstanding. Prints the look-ups per second and the 99th
/// percentile of the response time in milliseconds.
@main
enum NameLookups {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count == 3, let count = arguments.last.flatMap({ Int($0) }) else {
            print("usage: NameLookups SERVER NAME COUNT")
            return
        }
        let texts = Array(arguments)
        let address = texts[0].split(separator: ".").compactMap { UInt8($0) }
        let load = try Load(
            SocketAddress(address: address, port: 53),
            name: texts[1],
            count: count
        )
        let started = ContinuousClock.now
        try load.run()
        let seconds = (ContinuousClock.now - started) / .seconds(1)
        let times = load.times.sorted()
        let percentile = times[times.count * 99 / 100] / .milliseconds(1)
        print("\(Int(Double(times.count) / seconds)) \(percentile) \(load.losses)")
    }
}

/// Questions about one name over eight sockets.
private final class Load {
    private final class Client {
        let socket: Socket
        var sent = ContinuousClock.now

        init(_ socket: consuming Socket) { self.socket = socket }
    }

    private(set) var times: [Duration] = []
    private(set) var losses = 0
    private let count: Int
    private var asked = 0
    private let question: [UInt8]
    private let loop: EventLoop
    private var clients: [Client] = []

    init(_ server: SocketAddress, name: String, count: Int) throws {
        self.count = count
        question = Self.question(name)
        loop = try EventLoop()
        times.reserveCapacity(count)
        for _ in 0..<8 { clients.append(Client(try .datagrams(to: server))) }
    }

    func run() throws {
        for client in clients {
            try loop.watch(client.socket.number) { [self] _ in receive(client) }
            ask(client)
        }
        try loop.run()
    }

    private func ask(_ client: Client) {
        guard asked < count else { return loop.stop() }
        asked += 1
        client.sent = .now
        do {
            try client.socket.send(question)
        } catch {
            losses += 1
        }
    }

    private func receive(_ client: Client) {
        // Bytes 6 and 7 of a response are the number of its answers.
        guard let bytes = (try? client.socket.receive(512)) ?? nil else { return }
        if bytes.count < 8 || bytes[7] == 0 { losses += 1 }
        times.append(ContinuousClock.now - client.sent)
        ask(client)
    }

    /// A recursive question for the IPv4 address of `name`. Source: RFC 1035, section 4.1.
    private static func question(_ name: String) -> [UInt8] {
        let labels = name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + $0.utf8 }
        return [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + labels + [0, 0, 1, 0, 1]
    }
}
