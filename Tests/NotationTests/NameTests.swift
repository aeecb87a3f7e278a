import Notation
import Testing

struct NameTests {
    private static let hostile = [
        "", ".", "..", "../x", "a/b", "/a", "-a", "_a", ".a", "a b", "a\n", "a\0", "a;b", "ä", "a*",
        "a\"", "a\\", "$(a)",
    ]

    @Test(arguments: ["a", "A1", "demo_data", "a.b-c_d", "0"])
    func `names that moby accepts are valid`(name: String) {
        #expect(ObjectName.isValid(name))
    }

    @Test(arguments: hostile)
    func `names with special characters are invalid`(name: String) {
        #expect(!ObjectName.isValid(name))
    }

    @Test(arguments: ["eth0", "br-1234567890ab", "eth0.10", "_x"])
    func `interface names are valid`(name: String) {
        #expect(InterfaceName.isValid(name))
    }

    @Test(arguments: [
        "", ".", "..", "a/b", "a b", "eth*", "a\nb", "a\"b", "a:1", "1234567890123456", "ä",
    ])
    func `interface names with special characters are invalid`(name: String) {
        #expect(!InterfaceName.isValid(name))
    }

    @Test(arguments: [
        ("net.ipv4.ip_forward", "net/ipv4/ip_forward"),
        ("net/ipv4/ip_forward", "net/ipv4/ip_forward"),
        ("net.ipv4.conf.eth0/10.forwarding", "net/ipv4/conf/eth0.10/forwarding"),
        ("net/ipv4/conf/eth0.10/forwarding", "net/ipv4/conf/eth0.10/forwarding"),
    ])
    func `a kernel parameter is parsed as sysctl does`(name: String, path: String) {
        #expect(SysctlName(name)?.path == path)
    }

    @Test(arguments: [
        "", "net", ".", "/", "net/../kernel/panic", "net.//.kernel.panic", "net/./ipv4",
        "net//ipv4",
        "net..ipv4", "/net/ipv4", "net/ipv4/", "../net", "net.ipv4.\n", "net.ipv4. x", "net/\0/a",
        "net.ipv4.//.x",
    ])
    func `a kernel parameter that is not a path below its directory is invalid`(name: String) {
        #expect(SysctlName(name) == nil)
    }
}
