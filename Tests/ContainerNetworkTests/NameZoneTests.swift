import Addresses
import ContainerNetwork
import Testing

struct NameZoneTests {
    @Test func `a name of several containers has all their addresses`() throws {
        let scope = NameScope([
            try zone(
                "net",
                [("1", ["web-1", "web"], "172.18.0.2"), ("2", ["web-2", "WEB"], "172.18.0.3")]
            )
        ])
        #expect(try addresses(scope, "web") == ["172.18.0.2", "172.18.0.3"])
        #expect(try addresses(scope, "web-2") == ["172.18.0.3"])
        #expect(try addresses(scope, "db") == nil)
        let address = try #require(IPAddress("172.18.0.3"))
        #expect(scope.answer(.name(of: address)) == .name("web-2.net"))
    }

    @Test func `a removed container's names are unknown`() throws {
        var zone = try zone("net", [("1", ["web-1", "web"], "172.18.0.2")])
        zone.insert(try endpoint("2", ["web-2", "web"], "172.18.0.3", on: "net"))
        zone.remove("1")
        zone.remove("unknown")
        let scope = NameScope([zone])
        #expect(try addresses(scope, "web") == ["172.18.0.3"])
        #expect(try addresses(scope, "web-1") == nil)
        #expect(scope.answer(.name(of: try #require(IPAddress("172.18.0.2")))) == nil)
        #expect(zone.containers == ["2"])
    }

    @Test func `a container that is attached again has only its new address`() throws {
        var zone = try zone("net", [("1", ["web"], "172.18.0.2")])
        zone.insert(try endpoint("1", ["web"], "172.18.0.9", on: "net"))
        #expect(try addresses(NameScope([zone]), "web") == ["172.18.0.9"])
    }

    @Test func `a name that a container has twice counts once`() throws {
        let scope = NameScope([try zone("net", [("1", ["db", "Db", "db"], "172.18.0.2")])])
        #expect(try addresses(scope, "db") == ["172.18.0.2"])
    }

    @Test func `a link is an alias of another name`() throws {
        let scope = NameScope(
            [try zone("net", [("1", ["db"], "172.18.0.2")])],
            links: ["database": "DB", "ghost": "missing"]
        )
        #expect(try addresses(scope, "database") == ["172.18.0.2"])
        #expect(try addresses(scope, "database.net") == ["172.18.0.2"])
        #expect(try addresses(scope, "ghost") == nil)
    }

    @Test func `a name on several networks has its addresses on the first one`() throws {
        let scope = NameScope([
            try zone("front.net", [("1", ["db"], "172.18.0.2")]),
            try zone("Back", [("1", ["db"], "172.19.0.2"), ("2", ["cache.local"], "172.19.0.3")]),
        ])
        #expect(try addresses(scope, "db") == ["172.18.0.2"])
        #expect(try addresses(scope, "db.back") == ["172.19.0.2"])
        #expect(try addresses(scope, "db.front.net") == ["172.18.0.2"])
        #expect(try addresses(scope, "cache.local.back") == ["172.19.0.3"])
        #expect(try addresses(scope, "cache.local.front.net") == nil)
        #expect(try addresses(scope, "db.other") == nil)
    }

    private func zone(
        _ network: String,
        _ members: [(id: String, names: [String], address: String)]
    ) throws -> NameZone {
        NameZone(
            network: network,
            endpoints: try members.map {
                try endpoint($0.id, $0.names, $0.address, on: network)
            }
        )
    }

    private func endpoint(
        _ id: String,
        _ names: [String],
        _ address: String,
        on network: String
    ) throws -> Endpoint {
        try Endpoint(containerID: id, names: names, address: address, network: network)
    }

    private func addresses(_ scope: NameScope, _ name: String) throws -> [String]? {
        switch scope.answer(.addresses(of: name)) {
        case .addresses(let addresses): addresses.map(\.description)
        case nil: nil
        case let other: throw NetworkError.noSuchNetwork("\(String(describing: other))")
        }
    }
}

extension Endpoint {
    fileprivate init(
        containerID: String,
        names: [String],
        address: String,
        network: String
    ) throws {
        let address = try #require(IPAddress(address))
        self.init(
            containerID: containerID,
            network: network,
            networkID: "",
            interface: "eth0",
            hostInterface: "sv-\(containerID)",
            hardwareAddress: HardwareAddress(for: address),
            ipv4: address,
            names: names
        )
    }
}
