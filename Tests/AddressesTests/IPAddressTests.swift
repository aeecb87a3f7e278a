import Addresses
import Testing

struct IPAddressTests {
    @Test(arguments: [
        "0.0.0.0", "127.0.0.11", "255.255.255.255", "::", "::1", "1::", "fd00::1:0:0:1",
        "2001:db8::1", "1:2:3:4:5:6:7:8", "0:1::", "fe80::1",
    ])
    func `canonical text survives a round trip`(text: String) throws {
        #expect(try #require(IPAddress(text)).description == text)
    }

    @Test(arguments: [
        ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"), ("::ffff:1.2.3.4", "::ffff:102:304"),
        ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
    ])
    func `other forms are converted to canonical text`(text: String, canonical: String) throws {
        #expect(try #require(IPAddress(text)).description == canonical)
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.+4", "1.2.3.4 ", ":", ":::",
        "1::2::3", "1:2:3", "localhost", "::12345", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::",
        "g::", "::1.2.3", "1.2.3.4::",
        "fe80::1%eth0", "+1::", "1..2.3", ".1.2.3", "1.2.3.", "00.1.2.3", "1.2.3.0004", "1.2.3.x",
    ])
    func `text that is not an address is rejected`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func `bytes are in network order`() throws {
        let address = try #require(IPAddress("fd00::12:34"))
        #expect(address.bytes == [0xfd] + Array(repeating: 0, count: 12) + [0x12, 0, 0x34])
        #expect(IPAddress(bytes: address.bytes) == address)
        #expect(IPAddress(bytes: [127, 0, 0, 1])?.isLoopback == true)
        #expect(IPAddress(bytes: [1, 2, 3]) == nil)
    }
}
