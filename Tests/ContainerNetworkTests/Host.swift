import Addresses
import ContainerNetwork
import Glibc
import Linux
import SystemPackage
import TestSupport
import Testing

/// Whether this process may create network namespaces and rules.
let mayChangeNetworks = geteuid() == 0

/// A host for one test: a network namespace connected to another host, and a directory for networks.
/// All of it is removed afterwards.
struct Host: ~Copyable {
    let namespace: Descriptor
    let world: Descriptor
    let directory: FilePath
    let store: NetworkStore

    static let address = IPv4Address(rawValue: 0xc633_6401)
    static let worldAddress = IPv4Address(rawValue: 0xc633_6409)

    fileprivate init(directory: FilePath) throws {
        let host = try NetworkNamespace.make()
        let world = try NetworkNamespace.make()
        let near = try NetworkNamespace.inside(host, RouteSocket.init)
        let far = try NetworkNamespace.inside(world, RouteSocket.init)
        try near.apply([
            .createVethPair(
                "uplink",
                peerName: "eth0",
                peerHardwareAddress: [2, 0, 0, 0, 0, 9],
                peerNamespace: world,
                mtu: nil
            ), .bringUp("lo"), .bringUp("uplink"),
        ])
        let uplink = try #require(try near.link(named: "uplink")).index
        let eth0 = try #require(try far.link(named: "eth0")).index
        try near.apply([.addAddress(Self.address.bytes, prefixLength: 24, link: uplink)])
        try far.apply([
            .bringUp("lo"), .bringUp("eth0"),
            .addAddress(Self.worldAddress.bytes, prefixLength: 24, link: eth0),
            .addDefaultRoute(gateway: Self.address.bytes, link: eth0),
        ])
        self.directory = directory
        store = NetworkStore(directory: directory)
        namespace = host
        self.world = world
    }
}

/// Runs `body` on a host of its own, with the calling thread in its network namespace.
func withHost(_ body: (borrowing Host) throws -> Void) throws {
    try withScratchDirectory { directory in
        let host = try Host(directory: directory)
        try inside(host.namespace) { try body(host) }
    }
}

/// Runs `body` with the calling thread in `namespace`.
func inside<Result>(
    _ namespace: borrowing Descriptor,
    _ body: () throws -> Result
) throws -> Result {
    var outcome: Swift.Result<Result, any Error>?
    try NetworkNamespace.inside(namespace) { () throws(SystemCallError) in
        outcome = Swift.Result { try body() }
    }
    return try #require(outcome).get()
}

func socket(_ address: IPAddress, _ port: UInt16 = 0) -> SocketAddress {
    SocketAddress(address: address.bytes, port: port)
}

/// A datagram socket at `port` of any IPv4 address in `namespace`.
func receiver(in namespace: borrowing Descriptor, port: UInt16) throws -> Socket {
    try NetworkNamespace.inside(namespace) { () throws(SystemCallError) -> Socket in
        try .datagrams(at: SocketAddress(address: [0, 0, 0, 0], port: port))
    }
}

/// Sends one datagram from `namespace` to `address`.
func send(
    _ text: String,
    to address: IPAddress,
    _ port: UInt16,
    from namespace: borrowing Descriptor
) throws {
    let sender = try NetworkNamespace.inside(namespace) { () throws(SystemCallError) -> Socket in
        try .datagrams(to: socket(address, port))
    }
    try sender.send(text.utf8)
}

/// The next datagram as text with its sender; nil after ten seconds of silence.
func next(_ receiver: borrowing Socket) throws -> (text: String, sender: IPAddress?)? {
    let loop = try EventLoop()
    var isReady = false
    try loop.watch(receiver.number) { _ in
        isReady = true
        loop.stop()
    }
    loop.after(.seconds(10)) { loop.stop() }
    try loop.run()
    guard isReady, let (bytes, sender) = try receiver.receiveDatagram(2000) else { return nil }
    return (String(decoding: bytes, as: UTF8.self), IPAddress(bytes: sender.address))
}
