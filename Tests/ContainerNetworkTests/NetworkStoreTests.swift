import Addresses
import ContainerNetwork
import Linux
import SystemPackage
import Testing

@Suite(.enabled(if: mayChangeNetworks, "needs root to make network namespaces"))
struct NetworkStoreTests {
    @Test func `a network is a bridge with an address and is removed completely`() throws {
        try withHost { host in
            let before = try RouteSocket().links().map(\.name)
            let network = try host.store.create(NetworkSpecification(name: "web_default"))
            let link = try #require(try RouteSocket().link(named: network.bridge))
            #expect(link.kind == "bridge" && link.isUp)
            #expect(link.alias?.contains("network web_default") == true)
            let gateway = try #require(network.ipv4?.gateway)
            #expect(try RouteSocket().addresses().contains { $0.address == gateway.bytes })
            #expect(try FileSystem.readText("/proc/sys/net/ipv4/ip_forward") == "1\n")
            #expect(try host.store.all() == [network])
            #expect(try host.store.network("web_default") == network)

            #expect(try host.store.remove("web_default"))
            #expect(try !host.store.remove("web_default"))
            #expect(try RouteSocket().links().map(\.name) == before)
            #expect(try NFTables.run("list ruleset") == "")
            #expect(try FileSystem.entries(of: host.directory) == [".lock"])
        }
    }

    @Test func `creating a network again returns it, unless the specification differs`() throws {
        try withHost { host in
            let specification = NetworkSpecification(name: "one", labels: ["a": "b"])
            let network = try host.store.create(specification)
            #expect(try host.store.create(specification) == network)
            var other = specification
            other.isInternal = true
            #expect(throws: NetworkError.exists("one")) { try host.store.create(other) }
        }
    }

    @Test func `networks overlap neither each other nor the host's routes`() throws {
        try withHost { host in
            let routes = try RouteSocket()
            let uplink = try #require(try routes.link(named: "uplink")).index
            try routes.apply([.addAddress([172, 17, 5, 5], prefixLength: 24, link: uplink)])
            let networks = try ["a", "b"].map {
                try host.store.create(NetworkSpecification(name: $0))
            }
            #expect(
                networks.map { $0.ipv4?.subnet.description } == ["172.18.0.0/16", "172.19.0.0/16"]
            )
            let subnet = try #require(Subnet("172.19.4.0/24"))
            #expect(throws: NetworkError.overlap(network: "c", subnet, with: "network 'b'")) {
                try host.store.create(
                    NetworkSpecification(name: "c", pools: [.init(subnet: subnet)])
                )
            }
        }
    }

    @Test func `a network that cannot be created leaves nothing behind`() throws {
        try withHost { host in
            // The name of an existing interface that is not ours.
            let specification = NetworkSpecification(
                name: "one",
                options: ["com.docker.network.bridge.name": "uplink"]
            )
            let error = #expect(throws: NetworkError.self) { try host.store.create(specification) }
            #expect(error?.description.contains("uplink") == true)
            let networks = try host.store.all()
            #expect(networks.isEmpty)
            #expect(try RouteSocket().link(named: "uplink")?.isUp == true)
            #expect(try NFTables.run("list ruleset") == "")
        }
    }

    @Test func `options set the name and the MTU of the bridge`() throws {
        try withHost { host in
            let network = try host.store.create(
                NetworkSpecification(
                    name: "one",
                    options: [
                        "com.docker.network.bridge.name": "br-own",
                        "com.docker.network.driver.mtu": "1400",
                    ]
                )
            )
            #expect(network.bridge == "br-own")
            #expect(try RouteSocket().link(named: "br-own")?.mtu == 1400)
            #expect(try host.store.remove("one"))
            #expect(try RouteSocket().link(named: "br-own") == nil)
        }
    }

    @Test(arguments: ["", "a/b", "..", ".a", " ", "a  b", "a ..", "-a", "ä"])
    func `a name that is not a valid file name is rejected`(name: String) {
        let store = NetworkStore(directory: "/nonexistent")
        #expect(throws: NetworkError.invalidName(name)) { try store.network(name) }
    }

    @Test func `an error about a corrupted state file names its path`() throws {
        try withHost { host in
            try host.store.create(NetworkSpecification(name: "one"))
            let file = host.directory.appending("one.json")
            try AtomicFile.write(Array("{".utf8), to: file)
            let error = #expect(throws: NetworkError.self) { try host.store.network("one") }
            #expect(error?.description.contains(file.string) == true)
            #expect(try host.store.all().isEmpty)
            #expect(try host.store.unreadable() == ["one"])
        }
    }

    @Test func `our rules in Docker's chain accept our packets and are removed with the network`()
        throws
    {
        try withHost { host in
            try NFTables.run("add table ip filter\nadd chain ip filter DOCKER-USER")
            let network = try host.store.create(NetworkSpecification(name: "one"))
            let rules = try NFTables.run("list chain ip filter DOCKER-USER")
            #expect(rules.contains("iifname \"\(network.bridge)\" accept"))
            #expect(rules.contains("oifname \"\(network.bridge)\" accept"))
            try host.store.remove("one")
            #expect(try !NFTables.run("list chain ip filter DOCKER-USER").contains("accept"))
        }
    }
}
