import Linux
import SystemPackage
import Testing

@Suite(.enabled(if: mayMakeNamespaces, "needs root to make network namespaces"))
struct RouteSocketTests {
    @Test func `a new namespace has a loopback interface that is down`() throws {
        let namespace = try NetworkNamespace.make()
        let routes = try NetworkNamespace.inside(namespace, RouteSocket.init)
        let loopback = try #require(try routes.link(named: "lo"))
        #expect(!loopback.isUp)
        try routes.apply([.bringUp("lo")])
        #expect(try routes.link(named: "lo")?.isUp == true)
        #expect(try routes.link(named: "eth0") == nil)
        #expect(try routes.addresses().contains { $0.address == [127, 0, 0, 1] })
    }

    @Test func `a veth pair carries datagrams between two namespaces`() throws {
        let here = try NetworkNamespace.make()
        let there = try NetworkNamespace.make()
        let near = try NetworkNamespace.inside(here, RouteSocket.init)
        let far = try NetworkNamespace.inside(there, RouteSocket.init)
        try near.apply([
            .createVethPair(
                "near",
                peerName: "eth0",
                peerHardwareAddress: [2, 0, 0, 0, 0, 7],
                peerNamespace: there,
                mtu: 1400
            ),
            .setAlias("one end", of: "near"), .bringUp("near"),
        ])
        let nearLink = try #require(try near.link(named: "near"))
        let farLink = try #require(try far.link(named: "eth0"))
        #expect(nearLink.alias == "one end" && nearLink.kind == "veth" && nearLink.isUp)
        #expect(farLink.hardwareAddress == [2, 0, 0, 0, 0, 7] && farLink.mtu == 1400)
        try near.apply([.addAddress([10, 9, 0, 1], prefixLength: 24, link: nearLink.index)])
        try far.apply([
            .bringUp("eth0"),
            .addAddress([10, 9, 0, 2], prefixLength: 24, link: farLink.index),
            .addDefaultRoute(gateway: [10, 9, 0, 1], link: farLink.index),
        ])
        #expect(try far.routes().contains { $0.gateway == [10, 9, 0, 1] })
        #expect(
            try near.routes().contains { $0.destination == [10, 9, 0, 0] && $0.prefixLength == 24 }
        )
        let address = SocketAddress(address: [10, 9, 0, 2], port: 0)
        let receiver = try NetworkNamespace.inside(there) { () throws(SystemCallError) -> Socket in
            try .datagrams(at: address)
        }
        let peer = try receiver.localAddress()
        let sender = try NetworkNamespace.inside(here) { () throws(SystemCallError) -> Socket in
            try .datagrams(to: peer)
        }
        try sender.send([1, 2, 3])
        let (bytes, source) = try #require(try whenReady(receiver) { try $0.receiveDatagram(100) })
        #expect(bytes == [1, 2, 3] && source.address == [10, 9, 0, 1])
    }

    @Test func `a port joins a bridge and can be isolated`() throws {
        let here = try NetworkNamespace.make()
        let there = try NetworkNamespace.make()
        let routes = try NetworkNamespace.inside(here, RouteSocket.init)
        try routes.apply([.createBridge("br", hardwareAddress: [2, 0, 0, 0, 0, 1], mtu: nil)])
        let bridge = try #require(try routes.link(named: "br"))
        #expect(bridge.kind == "bridge" && bridge.hardwareAddress == [2, 0, 0, 0, 0, 1])
        try routes.apply([
            .createVethPair(
                "port",
                peerName: "eth%d",
                peerHardwareAddress: [2, 0, 0, 0, 0, 7],
                peerNamespace: there,
                mtu: nil
            ),
            .disableAddressGeneration(of: "port"), .join("port", master: bridge.index),
            .isolate("port"),
        ])
        #expect(try routes.link(named: "port")?.master == bridge.index)
        try routes.apply([.deleteLink("port"), .deleteLink("br")])
        #expect(try routes.links().allSatisfy { $0.name != "br" && $0.name != "port" })
    }

    @Test func `an error names the change and the reason`() throws {
        let routes = try NetworkNamespace.inside(
            try NetworkNamespace.make(),
            RouteSocket.init
        )
        let error = #expect(throws: SystemCallError.self) {
            try routes.apply([.bringUp("lo"), .bringUp("nowhere"), .deleteLink("elsewhere")])
        }
        #expect(error?.subject.contains("nowhere") == true)
        #expect(error?.reason.rawValue == 19)
    }
}
