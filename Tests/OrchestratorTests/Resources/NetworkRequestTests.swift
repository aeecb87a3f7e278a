import Addresses
import ContainerNetwork
import Testing

@testable import Orchestrator

struct NetworkRequestTests {
    @Test func `gateways, ranges and reserved addresses go to the subnet they are in`() throws {
        var request = NetworkRequest(name: "shared")
        request.subnets = ["10.1.0.0/16", "fd00::/64"]
        request.gateways = ["fd00::1"]
        request.ranges = ["10.1.2.0/24"]
        request.reserved = ["router": "10.1.0.9"]
        let pools = try request.specification().pools
        try #require(pools.count == 2)
        #expect(pools[0].range == Subnet("10.1.2.0/24"))
        #expect(pools[0].gateway == nil)
        #expect(pools[0].auxiliaryAddresses == ["router": IPAddress("10.1.0.9")])
        #expect(pools[1].gateway == IPAddress("fd00::1"))
    }

    @Test func `an address outside of every subnet is rejected`() {
        var request = NetworkRequest(name: "shared")
        request.gateways = ["10.2.0.1"]
        #expect(throws: OrchestratorError.outsideSubnets("10.2.0.1", option: "--gateway")) {
            try request.specification()
        }
    }

    @Test func `an unknown driver is rejected`() {
        var request = NetworkRequest(name: "shared")
        request.driver = "overlay"
        let driver = #expect(throws: OrchestratorError.self) { try request.specification() }
        #expect(driver?.description.contains("overlay") == true)
        request = NetworkRequest(name: "shared")
        request.addressDriver = "dhcp"
        let addresses = #expect(throws: OrchestratorError.self) { try request.specification() }
        #expect(addresses?.description.contains("dhcp") == true)
    }
}
