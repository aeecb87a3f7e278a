import Addresses
import Testing

struct SubnetTests {
    @Test(arguments: [
        ("172.18.0.0/16", "172.18.0.0/16"), ("172.18.3.4/16", "172.18.0.0/16"),
        ("0.0.0.0/0", "0.0.0.0/0"), ("10.0.0.1/32", "10.0.0.1/32"), ("fd00:1::5/64", "fd00:1::/64"),
    ])
    func `bits after the prefix are cleared`(text: String, canonical: String) throws {
        #expect(try #require(Subnet(text)).description == canonical)
    }

    @Test(arguments: [
        "", "1.2.3.4", "1.2.3.4/", "1.2.3.4/33", "::/129", "1.2.3.4/-1", "x/8", "1.2.3.4/+8",
    ])
    func `text that is not a subnet is rejected`(text: String) {
        #expect(Subnet(text) == nil)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.1.0.0/16", true), ("10.1.0.0/16", "10.0.0.0/8", true),
        ("10.1.0.0/16", "10.2.0.0/16", false), ("0.0.0.0/0", "::/0", false),
        ("fd00::/64", "fd00::/48", true),
    ])
    func `overlap is symmetric`(one: String, other: String, expected: Bool) throws {
        #expect(try #require(Subnet(one)).overlaps(try #require(Subnet(other))) == expected)
    }

    @Test(arguments: [
        ("10.0.0.0/24", "10.0.0.0", false), ("10.0.0.0/24", "10.0.0.255", false),
        ("10.0.0.0/24", "10.0.0.1", true), ("10.0.0.0/31", "10.0.0.0", true),
        ("10.0.0.0/24", "10.0.1.1", false), ("fd00::/64", "fd00::", false),
        ("fd00::/64", "fd00::ffff:ffff:ffff:ffff", true), ("10.0.0.0/24", "fd00::1", false),
    ])
    func `first and broadcast addresses are not usable`(
        subnet: String,
        address: String,
        expected: Bool
    ) throws {
        let subnet = try #require(Subnet(subnet))
        #expect(subnet.isUsable(try #require(IPAddress(address))) == expected)
    }
}
