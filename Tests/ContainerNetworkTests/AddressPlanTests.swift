import Addresses
import Testing

@testable import ContainerNetwork

struct AddressPlanTests {
    @Test func `networks get Docker's blocks in order, except those in use`() throws {
        let used = try ["172.17.0.0/16", "172.18.200.0/24", "172.0.0.0/8"].map { text in
            AddressPlan.Occupied(subnet: try #require(Subnet(text)), network: nil)
        }
        #expect(try subnet(occupied: []) == "172.17.0.0/16")
        #expect(try subnet(occupied: Array(used.prefix(1))) == "172.18.0.0/16")
        #expect(try subnet(occupied: Array(used.prefix(2))) == "172.19.0.0/16")
        #expect(try subnet(occupied: used) == "192.168.0.0/20")
    }

    @Test func `an error reports that all blocks are in use`() throws {
        let all = AddressPlan.Occupied(subnet: try #require(Subnet("128.0.0.0/1")), network: nil)
        #expect(throws: NetworkError.noFreeSubnet(network: "n")) {
            _ = try AddressPlan.pools(for: NetworkSpecification(name: "n"), occupied: [all])
        }
    }

    @Test func `IPv6 blocks are private, have 64 bits, and differ`() throws {
        let subnets = try ["a", "b"].map { name in
            let specification = NetworkSpecification(
                name: name,
                enableIPv4: false,
                enableIPv6: true
            )
            return try AddressPlan.pools(for: specification, occupied: [])[0].subnet
        }
        #expect(subnets[0] != subnets[1])
        #expect(subnets.allSatisfy { $0.prefixLength == 64 && $0.description.hasPrefix("fd") })
    }

    @Test func `a requested subnet may overlap the host's routes but not another network`() throws {
        let mine = try #require(Subnet("10.0.0.0/24"))
        let specification = NetworkSpecification(name: "n", pools: [.init(subnet: mine)])
        let route = AddressPlan.Occupied(subnet: mine, network: nil)
        #expect(try AddressPlan.pools(for: specification, occupied: [route])[0].subnet == mine)
        let network = AddressPlan.Occupied(subnet: mine, network: "network 'o'")
        #expect(throws: NetworkError.overlap(network: "n", mine, with: "network 'o'")) {
            _ = try AddressPlan.pools(for: specification, occupied: [network])
        }
    }

    @Test func `addresses are allocated from the range, the lowest free one first`() throws {
        let pool = NetworkSpecification.Pool(
            subnet: try #require(Subnet("10.0.0.0/24")),
            range: Subnet("10.0.0.128/30"),
            gateway: IPAddress("10.0.0.129"),
            auxiliaryAddresses: ["a": try #require(IPAddress("10.0.0.130"))]
        )
        let pools = try AddressPlan.pools(
            for: NetworkSpecification(name: "n", pools: [pool]),
            occupied: []
        )
        var leased: [IPAddress: String] = [:]
        var given: [String] = []
        for index in 0..<2 {
            let address = try AddressPlan.address(in: pools[0], of: "n", fixed: nil, leased: leased)
            leased[address] = "c\(index)"
            given.append(address.description)
        }
        #expect(given == ["10.0.0.128", "10.0.0.131"])
        let full = #expect(throws: NetworkError.self) {
            try AddressPlan.address(in: pools[0], of: "n", fixed: nil, leased: leased)
        }
        #expect(full?.description.contains("no free address") == true, "\(full as Any)")
        let outside = try #require(IPAddress("10.0.0.7"))
        #expect(
            try AddressPlan.address(in: pools[0], of: "n", fixed: outside, leased: leased)
                == outside
        )
    }

    @Test func `a preferred address is taken if it is free and in the range`() throws {
        let pool = NetworkSpecification.Pool(subnet: try #require(Subnet("10.0.0.0/24")))
        let pools = try AddressPlan.pools(
            for: NetworkSpecification(name: "n", pools: [pool]),
            occupied: []
        )
        let taken = try #require(IPAddress("10.0.0.9"))
        for (preferred, expected) in [
            (["10.0.0.7"], "10.0.0.7"), (["10.0.0.9"], "10.0.0.2"), (["10.0.0.1"], "10.0.0.2"),
            (["10.0.0.255"], "10.0.0.2"), (["10.0.1.7", "fd00::7"], "10.0.0.2"),
            (["10.0.0.9", "10.0.0.8"], "10.0.0.8"),
        ] {
            let address = try AddressPlan.address(
                in: pools[0],
                of: "n",
                fixed: nil,
                preferred: preferred.compactMap { IPAddress($0) },
                leased: [taken: "other"]
            )
            #expect(address.description == expected, "\(preferred)")
        }
    }

    @Test func `contradictions are rejected`() throws {
        let subnet = try #require(Subnet("10.0.0.0/24"))
        let elsewhere = try #require(Subnet("10.0.1.0/24"))
        let wrong: [NetworkSpecification.Pool] = [
            .init(subnet: subnet, range: elsewhere),
            .init(subnet: subnet, gateway: elsewhere.address(at: 1)),
            .init(subnet: subnet, gateway: subnet.base),
            .init(subnet: subnet, auxiliaryAddresses: ["a": elsewhere.base]),
        ]
        let words = ["ip_range", "10.0.1.1", "10.0.0.0 ", "10.0.1.0 "]
        for (pool, word) in zip(wrong, words) {
            let error = #expect(throws: NetworkError.self) {
                try AddressPlan.pools(
                    for: NetworkSpecification(name: "n", pools: [pool]),
                    occupied: []
                )
            }
            #expect(error?.description.contains(word) == true, "\(error as Any)")
        }
        let two = NetworkSpecification(
            name: "n",
            pools: [.init(subnet: subnet), .init(subnet: elsewhere)]
        )
        let second = #expect(throws: NetworkError.self) {
            try AddressPlan.pools(for: two, occupied: [])
        }
        #expect(second?.description.contains("two subnets") == true, "\(second as Any)")
        let none = NetworkSpecification(name: "n", enableIPv4: false)
        let missing = #expect(throws: NetworkError.self) {
            try AddressPlan.pools(for: none, occupied: [])
        }
        #expect(missing?.description.contains("both disabled") == true, "\(missing as Any)")
    }

    private func subnet(occupied: [AddressPlan.Occupied]) throws -> String {
        try AddressPlan.pools(for: NetworkSpecification(name: "n"), occupied: occupied)[0]
            .subnet.description
    }
}
