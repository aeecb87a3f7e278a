import Addresses
import ContainerNetwork
import Linux
import SystemPackage
import Testing

@Suite(.enabled(if: mayChangeNetworks, "needs root to make network namespaces"))
struct EndpointTests {
    @Test func `containers of one network reach each other`() throws {
        try withHost { host in
            try host.store.create(NetworkSpecification(name: "one"))
            let (a, b) = (try Container("a"), try Container("b"))
            let first = try a.attach(to: "one", of: host.store)
            let second = try b.attach(to: "one", of: host.store)
            #expect(first.interface == "eth0" && first.ipv4?.description == "172.17.0.2")
            #expect(second.ipv4?.description == "172.17.0.3")
            let inbox = try receiver(in: b.namespace, port: 9)
            try send("hello", to: try #require(second.ipv4), 9, from: a.namespace)
            let message = try #require(try next(inbox))
            #expect(message.text == "hello" && message.sender == first.ipv4)
        }
    }

    @Test func `a container reaches other hosts with the host's address`() throws {
        try withHost { host in
            try host.store.create(NetworkSpecification(name: "one"))
            let a = try Container("a")
            _ = try a.attach(to: "one", of: host.store)
            let inbox = try receiver(in: host.world, port: 9)
            try send("hello", to: .v4(Host.worldAddress), 9, from: a.namespace)
            #expect(try next(inbox)?.sender == .v4(Host.address))
        }
    }

    @Test func `only the host reaches a container on another network`() throws {
        try withHost { host in
            try host.store.create(NetworkSpecification(name: "one"))
            try host.store.create(NetworkSpecification(name: "two"))
            let (a, b) = (try Container("a"), try Container("b"))
            let address = try #require(try a.attach(to: "one", of: host.store).ipv4)
            _ = try b.attach(to: "two", of: host.store)
            let inbox = try receiver(in: a.namespace, port: 9)
            // The host may send packets, and has now resolved the container's hardware address.
            try send("host", to: address, 9, from: host.namespace)
            #expect(try next(inbox)?.text == "host")
            try send("other network", to: address, 9, from: b.namespace)
            try send("world", to: address, 9, from: host.world)
            try send("host again", to: address, 9, from: host.namespace)
            #expect(try next(inbox)?.text == "host again")
        }
    }

    @Test func `an internal network does not lead to other hosts`() throws {
        try withHost { host in
            try host.store.create(NetworkSpecification(name: "one", isInternal: true))
            let (a, b) = (try Container("a"), try Container("b"))
            _ = try a.attach(to: "one", of: host.store)
            let other = try #require(try b.attach(to: "one", of: host.store).ipv4)
            let error = #expect(throws: SystemCallError.self) {
                try send("hello", to: .v4(Host.worldAddress), 9, from: a.namespace)
            }
            #expect(error?.reason == .networkUnreachable)
            let inbox = try receiver(in: b.namespace, port: 9)
            try send("neighbour", to: other, 9, from: a.namespace)
            #expect(try next(inbox)?.text == "neighbour")
        }
    }

    @Test func `containers that must not connect are reached only by the host`() throws {
        try withHost { host in
            let options = ["com.docker.network.bridge.enable_icc": "false"]
            try host.store.create(NetworkSpecification(name: "one", options: options))
            let (a, b) = (try Container("a"), try Container("b"))
            _ = try a.attach(to: "one", of: host.store)
            let address = try #require(try b.attach(to: "one", of: host.store).ipv4)
            let inbox = try receiver(in: b.namespace, port: 9)
            try send("host", to: address, 9, from: host.namespace)
            #expect(try next(inbox)?.text == "host")
            // Not even an ARP request arrives.
            try send("neighbour", to: address, 9, from: a.namespace)
            try send("host again", to: address, 9, from: host.namespace)
            #expect(try next(inbox)?.text == "host again")
        }
    }

    @Test func `IPv6 works with and without IPv4`() throws {
        try withHost { host in
            try host.store.create(NetworkSpecification(name: "both", enableIPv6: true))
            try host.store.create(
                NetworkSpecification(name: "six", enableIPv4: false, enableIPv6: true)
            )
            for name in ["both", "six"] {
                let (a, b) = (try Container("a"), try Container("b"))
                let first = try a.attach(to: name, of: host.store)
                let second = try b.attach(to: name, of: host.store)
                let target = try #require(second.ipv6)
                let inbox = try NetworkNamespace.inside(b.namespace) {
                    () throws(SystemCallError) -> Socket in
                    try .datagrams(at: socket(target, 9))
                }
                try send("hello", to: target, 9, from: a.namespace)
                #expect(try next(inbox)?.sender == first.ipv6)
            }
        }
    }

    @Test func `fixed addresses and names are honoured`() throws {
        try withHost { host in
            try host.store.create(NetworkSpecification(name: "one"))
            let a = try Container("a")
            var wish = EndpointSpecification(containerID: "a")
            wish.ipv4 = IPAddress("172.17.9.9")
            wish.hardwareAddress = HardwareAddress("02:11:22:33:44:55")
            wish.interfaceName = "lan0"
            wish.linkLocalAddresses = [IPAddress("169.254.7.7")].compactMap(\.self)
            let endpoint = try host.store.attach("one", to: a.namespace, endpoint: wish)
            #expect(endpoint.ipv4 == wish.ipv4 && endpoint.interface == "lan0")
            let routes = try NetworkNamespace.inside(a.namespace, RouteSocket.init)
            let link = try #require(try routes.link(named: "lan0"))
            #expect(link.hardwareAddress == wish.hardwareAddress?.bytes && link.isUp)
            let addresses = try routes.addresses().filter { $0.link == link.index }
            #expect(addresses.map(\.address) == [[172, 17, 9, 9], [169, 254, 7, 7]])
        }
    }

    @Test func `kernel parameters of the interface are set in the container`() throws {
        try withHost { host in
            try host.store.create(NetworkSpecification(name: "one"))
            let a = try Container("a")
            var wish = EndpointSpecification(containerID: "a")
            let option = "com.docker.network.endpoint.sysctls"
            wish.options = [option: "net.ipv4.conf.IFNAME.log_martians=1"]
            _ = try host.store.attach("one", to: a.namespace, endpoint: wish)
            let value = try inside(a.namespace) {
                try FileSystem.readText("/proc/sys/net/ipv4/conf/eth0/log_martians")
            }
            #expect(value == "1\n")
            wish.options = [option: "net.ipv4.ip_forward=1"]
            let error = #expect(throws: NetworkError.self) {
                try host.store.attach("one", to: a.namespace, endpoint: wish)
            }
            #expect(error?.description.contains("net.ipv4.ip_forward") == true)
        }
    }

    @Test func `a container on several networks has one default route`() throws {
        try withHost { host in
            let a = try Container("a")
            for name in ["one", "two"] {
                try host.store.create(NetworkSpecification(name: name))
                var wish = EndpointSpecification(containerID: "a")
                wish.isDefaultRoute = name == "two"
                _ = try host.store.attach(name, to: a.namespace, endpoint: wish)
            }
            let routes = try NetworkNamespace.inside(a.namespace, RouteSocket.init)
            #expect(try routes.link(named: "eth1") != nil)
            #expect(try routes.routes().compactMap(\.gateway) == [[172, 18, 0, 1]])
        }
    }

    @Test(arguments: [
        ("10.0.0.1", "cannot be used"), ("172.17.0.1", "gateway"), ("172.17.0.5", "auxiliary"),
        ("172.17.0.2", "container a"), ("172.17.255.255", "cannot be used"),
        ("fd00::1", "none of that family"),
    ])
    func `an unavailable address is rejected with the reason`(
        text: String,
        reason: String
    ) throws {
        try withHost { host in
            let pool = NetworkSpecification.Pool(
                subnet: try #require(Subnet("172.17.0.0/16")),
                auxiliaryAddresses: ["router": try #require(IPAddress("172.17.0.5"))]
            )
            try host.store.create(NetworkSpecification(name: "one", pools: [pool]))
            let (a, b) = (try Container("a"), try Container("b"))
            _ = try a.attach(to: "one", of: host.store)
            var wish = EndpointSpecification(containerID: "b")
            let address = try #require(IPAddress(text))
            if address.isIPv4 { wish.ipv4 = address } else { wish.ipv6 = address }
            let error = #expect(throws: NetworkError.self) {
                try host.store.attach("one", to: b.namespace, endpoint: wish)
            }
            #expect(error?.description.contains(reason) == true)
            #expect(try host.store.endpoints(of: "one").map(\.containerID) == ["a"])
        }
    }

    @Test func `an address is free after its container was detached or exited unnoticed`() throws {
        try withHost { host in
            let pool = NetworkSpecification.Pool(subnet: try #require(Subnet("10.7.0.0/30")))
            try host.store.create(NetworkSpecification(name: "one", pools: [pool]))
            let a = try Container("a")
            let endpoint = try a.attach(to: "one", of: host.store)
            #expect(throws: NetworkError.noFreeAddress(network: "one", pool.subnet)) {
                _ = try Container("b").attach(to: "one", of: host.store)
            }
            #expect(throws: NetworkError.inUse("one", containers: ["a"])) {
                try host.store.remove("one")
            }
            try host.store.detach(endpoint)
            try host.store.detach(endpoint)
            do {
                let b = try Container("b")
                #expect(try b.attach(to: "one", of: host.store).ipv4 == endpoint.ipv4)
            }
            // The kernel deletes the veth pair some time after the namespace.
            try waitUntil { try RouteSocket().links().allSatisfy { !$0.name.hasPrefix("sv-") } }
            let c = try Container("c")
            #expect(try c.attach(to: "one", of: host.store).ipv4 == endpoint.ipv4)
        }
    }

    @Test func `an abandoned address is free once its interface no longer exists`() throws {
        try withHost { host in
            try host.store.create(NetworkSpecification(name: "one"))
            do {
                let a = try Container("a")
                let endpoint = try a.attach(to: "one", of: host.store)
                try host.store.abandon(endpoint)
                try host.store.abandon(endpoint)
                #expect(try host.store.endpoints(of: "one").isEmpty)
                let b = try Container("b")
                #expect(try b.attach(to: "one", of: host.store).ipv4?.description == "172.17.0.3")
                // The same container gets its address again.
                #expect(try a.attach(to: "one", of: host.store).ipv4 == endpoint.ipv4)
                try host.store.abandon(endpoint)
            }
            try waitUntil { try RouteSocket().links().allSatisfy { !$0.name.hasPrefix("sv-") } }
            let c = try Container("c")
            let endpoint = try c.attach(to: "one", of: host.store)
            #expect(endpoint.ipv4?.description == "172.17.0.2")
            try host.store.abandon(endpoint)
            #expect(try host.store.remove("one"))
        }
    }

    @Test func `a network whose kernel state was lost is restored with its ports`() throws {
        try withHost { host in
            let network = try host.store.create(NetworkSpecification(name: "one"))
            let (a, b) = (try Container("a"), try Container("b"))
            let endpoint = try a.attach(to: "one", of: host.store)
            try host.store.publish([PortMapping(hostPort: 8080, containerPort: 80)], to: endpoint)
            try NFTables.run("flush ruleset")
            _ = try b.attach(to: "one", of: host.store)
            #expect(try NFTables.run("list ruleset").contains("tcp . 8080 : 172.17.0.2 . 80"))
            try RouteSocket().apply([.deleteLink(network.bridge)])
            _ = try b.attach(to: "one", of: host.store)
            #expect(try RouteSocket().link(named: network.bridge)?.isUp == true)
        }
    }

    @Test func `leftovers of a crashed process are removed`() throws {
        try withHost { host in
            let network = try host.store.create(NetworkSpecification(name: "one"))
            let (a, b) = (try Container("a"), try Container("b"))
            let kept = try a.attach(to: "one", of: host.store)
            let lost = try b.attach(to: "one", of: host.store)
            let leases = host.directory.appending("one.leases")
            try FileSystem.removeFile(leases.appending("172.17.0.3,b"))
            try AtomicFile.write(Array("{".utf8), to: leases.appending("172.17.0.4,c"))
            try host.store.removeLeftovers()
            #expect(try RouteSocket().link(named: kept.hostInterface) != nil)
            #expect(try RouteSocket().link(named: network.bridge) != nil)
            #expect(try RouteSocket().link(named: lost.hostInterface) == nil)
            #expect(try FileSystem.entries(of: leases) == ["172.17.0.2,a"])
        }
    }
}
