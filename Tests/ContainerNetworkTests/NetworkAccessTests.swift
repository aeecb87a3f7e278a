import Addresses
import ContainerNetwork
import Linux
import SystemPackage
import Testing

@Suite(.enabled(if: mayChangeNetworks, "needs root to make network namespaces"))
struct NetworkAccessTests {
    @Test func `containers that must not connect do not reach each other through the host`() throws
    {
        try withHost { host in
            let options = ["com.docker.network.bridge.enable_icc": "false"]
            try host.store.create(NetworkSpecification(name: "one", options: options))
            let (a, b) = (try Container("a"), try Container("b"))
            let first = try a.attach(to: "one", of: host.store)
            let target = try #require(try b.attach(to: "one", of: host.store).ipv4)
            let gateway = try #require(first.ipv4Gateway)
            try inside(a.namespace) { try ip("route", "add", "\(target)/32", "via", "\(gateway)") }
            let inbox = try receiver(in: b.namespace, port: 9)
            try send("neighbour", to: target, 9, from: a.namespace)
            try send("host", to: target, 9, from: host.namespace)
            #expect(try next(inbox)?.text == "host")
        }
    }

    @Test func `Docker's containers and ours do not reach each other`() throws {
        try withHost { host in
            try NFTables.run(
                """
                table ip filter {
                    chain DOCKER-USER { counter return; }
                    chain FORWARD {
                        type filter hook forward priority 0; policy drop;
                        jump DOCKER-USER
                        iifname "docker0" accept
                    }
                }
                """
            )
            let theirs = try ForeignBridge("docker0", "10.71.0")
            try host.store.create(NetworkSpecification(name: "one"))
            let ours = try Container("a")
            let address = try #require(try ours.attach(to: "one", of: host.store).ipv4)
            let here = try receiver(in: ours.namespace, port: 9)
            let there = try receiver(in: theirs.namespace, port: 9)
            try send("ours", to: theirs.address, 9, from: ours.namespace)
            try send("theirs", to: address, 9, from: theirs.namespace)
            try send("host", to: theirs.address, 9, from: host.namespace)
            try send("host", to: address, 9, from: host.namespace)
            #expect(try next(there)?.text == "host")
            #expect(try next(here)?.text == "host")
            // Other hosts and published ports are reachable nevertheless.
            let outside = try receiver(in: host.world, port: 9)
            try send("hello", to: .v4(Host.worldAddress), 9, from: ours.namespace)
            #expect(try next(outside)?.text == "hello")
            let endpoint = try #require(try host.store.endpoints(of: "one").first)
            let port = PortMapping(hostPort: 5353, containerPort: 9, protocol: .udp)
            try host.store.publish([port], to: endpoint)
            try send("published", to: .v4(Host.address), 5353, from: theirs.namespace)
            #expect(try next(here)?.text == "published")
        }
    }

    @Test func `a bridge without Docker beside it is reachable as before`() throws {
        try withHost { host in
            let machines = try ForeignBridge("virbr0", "10.72.0")
            try host.store.create(NetworkSpecification(name: "one"))
            let ours = try Container("a")
            _ = try ours.attach(to: "one", of: host.store)
            let inbox = try receiver(in: machines.namespace, port: 9)
            try send("hello", to: machines.address, 9, from: ours.namespace)
            #expect(try next(inbox)?.text == "hello")
        }
    }

    @Test func `the administrator's rules in Docker's chain come before ours`() throws {
        try withHost { host in
            try NFTables.run(
                """
                table ip filter {
                    chain DOCKER-USER {
                        iifname "uplink" counter drop
                        counter return
                    }
                }
                """
            )
            try host.store.create(NetworkSpecification(name: "one"))
            let rules = try NFTables.run("list chain ip filter DOCKER-USER")
                .split(separator: "\n").map { $0.drop { $0 == "\t" } }
            let order = ["iifname \"uplink\"", "oifname \"sc-", "iifname \"sc-", "counter"]
            let places = order.map { rule in
                rules.lastIndex { $0.hasPrefix(rule) } ?? -1
            }
            #expect(places.first ?? -1 > 0 && !places.contains(-1), "\(rules)")
            #expect(places[0] < min(places[1], places[2]))
            #expect(max(places[1], places[2]) < places[3])
        }
    }

    @Test(arguments: [
        (option: "com.docker.network.bridge.gateway_mode_ipv4", value: "routed"),
        ("com.docker.network.bridge.gateway_mode_ipv4", "isolated"),
        ("com.docker.network.bridge.host_binding_ipv4", "::1"),
        ("com.docker.network.bridge.enable_icc", "maybe"),
        ("com.docker.network.container_iface_prefix", "a/b"),
        ("com.docker.network.driver.mtu", "12"),
    ])
    func `an option that would have no effect is rejected`(option: String, value: String) throws {
        let store = NetworkStore(directory: "/nonexistent")
        let specification = NetworkSpecification(name: "one", options: [option: value])
        let error = NetworkError.invalidOption(network: "one", option: option, value: value)
        #expect(throws: error) { try store.create(specification) }
    }

    @Test func `the host has no address on an isolated network`() throws {
        try withHost { host in
            let options = ["com.docker.network.bridge.gateway_mode_ipv4": "isolated"]
            let network = try host.store.create(
                NetworkSpecification(name: "one", isInternal: true, options: options)
            )
            let gateway = try #require(network.ipv4?.gateway)
            #expect(try !RouteSocket().addresses().contains { $0.address == gateway.bytes })
            let (a, b) = (try Container("a"), try Container("b"))
            _ = try a.attach(to: "one", of: host.store)
            let address = try #require(try b.attach(to: "one", of: host.store).ipv4)
            let inbox = try receiver(in: b.namespace, port: 9)
            try send("neighbour", to: address, 9, from: a.namespace)
            #expect(try next(inbox)?.text == "neighbour")
        }
    }

    @Test func `interface names begin with the network's prefix`() throws {
        try withHost { host in
            let options = ["com.docker.network.container_iface_prefix": "lan"]
            try host.store.create(NetworkSpecification(name: "one", options: options))
            #expect(try Container("a").attach(to: "one", of: host.store).interface == "lan0")
        }
    }
}

/// A bridge of another program with one attached host.
private struct ForeignBridge: ~Copyable {
    let namespace: Descriptor
    let address: IPAddress

    /// `prefix` is the first three numbers of its addresses; the machine's ends in 2.
    init(_ name: String, _ prefix: String) throws {
        let machine = try NetworkNamespace.make()
        let near = try RouteSocket()
        let far = try NetworkNamespace.inside(machine, RouteSocket.init)
        let gateway = try #require(IPAddress("\(prefix).1"))
        let address = try #require(IPAddress("\(prefix).2"))
        try near.apply([
            .createBridge(name, hardwareAddress: HardwareAddress(for: gateway).bytes, mtu: nil),
            .createVethPair(
                "ve-\(name)",
                peerName: "eth0",
                peerHardwareAddress: HardwareAddress(for: address).bytes,
                peerNamespace: machine,
                mtu: nil
            ), .bringUp(name), .bringUp("ve-\(name)"),
        ])
        let bridge = try #require(try near.link(named: name)).index
        let eth0 = try #require(try far.link(named: "eth0")).index
        try near.apply([
            .join("ve-\(name)", master: bridge),
            .addAddress(gateway.bytes, prefixLength: 24, link: bridge),
        ])
        try far.apply([
            .bringUp("lo"), .bringUp("eth0"),
            .addAddress(address.bytes, prefixLength: 24, link: eth0),
            .addDefaultRoute(gateway: gateway.bytes, link: eth0),
        ])
        namespace = machine
        self.address = address
    }
}

/// Runs ip(8) in the calling thread's network namespace.
private func ip(_ arguments: String...) throws {
    let null = try Descriptor.open("/dev/null", [.writing])
    let process = try ChildProgram.start(
        "/usr/sbin/ip",
        arguments: arguments,
        environment: [],
        input: null,
        output: null,
        error: null
    )
    #expect(try process.wait() == .exited(0))
}
