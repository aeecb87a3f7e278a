import Addresses
import ContainerNetwork
import Testing

@testable import Orchestrator

struct NameZoneTests {
    private let first = IPAddress.v4(IPv4Address(rawValue: 0xac12_0002))
    private let second = IPAddress.v4(IPv4Address(rawValue: 0xac12_0003))

    @Test func `a name of several containers has all their addresses`() {
        let zone = NameZone([
            .init(names: ["web", "web-1"], addresses: [first], fullName: "web-1.net"),
            .init(names: ["WEB", "web-2"], addresses: [second], fullName: "web-2.net"),
        ])
        #expect(zone.answer(.addresses(of: "web")) == .addresses([first, second]))
        #expect(zone.answer(.addresses(of: "web-2")) == .addresses([second]))
        #expect(zone.answer(.addresses(of: "db")) == nil)
        #expect(zone.answer(.name(of: second)) == .name("web-2.net"))
    }

    @Test func `a link is an alias of another name`() {
        let zone = NameZone(
            [.init(names: ["db"], addresses: [first], fullName: "db-1.net")],
            links: ["database": "db", "ghost": "nobody"]
        )
        #expect(zone.answer(.addresses(of: "database")) == .addresses([first]))
        #expect(zone.answer(.addresses(of: "ghost")) == nil)
    }

    @Test func `a duplicate name counts once`() {
        let zone = NameZone([
            .init(names: ["db", "Db", "db"], addresses: [first], fullName: "db-1.net")
        ])
        #expect(zone.answer(.addresses(of: "db")) == .addresses([first]))
    }
}
