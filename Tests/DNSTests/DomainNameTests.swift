import Addresses
import DNS
import Testing

struct DomainNameTests {
    @Test func `names are compared regardless of case`() throws {
        let (one, other) = (
            try #require(DomainName("Web.Example.ORG.")), DomainName("web.example.org")
        )
        #expect(one == other)
        #expect(Set([one, other]).count == 1)
        #expect(one.key == "web.example.org")
        #expect(one.description == "Web.Example.ORG")
    }

    @Test(arguments: ["", "..", "a..b", ".a", String(repeating: "a", count: 64)])
    func `invalid names are rejected`(text: String) {
        #expect(DomainName(text) == nil)
    }

    @Test func `a name has at most 255 bytes`() {
        let label = String(repeating: "a", count: 63)
        #expect(
            DomainName("\(label).\(label).\(label).\(String(repeating: "a", count: 61))") != nil
        )
        #expect(
            DomainName("\(label).\(label).\(label).\(String(repeating: "a", count: 62))") == nil
        )
    }

    @Test(arguments: [
        ("2.0.18.172.in-addr.arpa", "172.18.0.2"), ("2.0.18.IN-ADDR.arpa", nil),
        ("256.0.18.172.in-addr.arpa", nil), ("web", nil),
        (
            "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
            "2001:db8::1"
        ),
        (
            "xx.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
            nil
        ),
    ])
    func `a reverse name encodes an address`(name: String, address: String?) throws {
        #expect(try #require(DomainName(name)).reverseAddress?.description == address)
    }
}
