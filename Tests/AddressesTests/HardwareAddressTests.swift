import Addresses
import Testing

struct HardwareAddressTests {
    @Test(arguments: ["00:11:22:33:44:55": true, "01:11:22:33:44:55": false, "0:1:2:3:4:5": false])
    func `a hardware address has six bytes and is not multicast`(text: String, isValid: Bool) {
        #expect((HardwareAddress(text) != nil) == isValid)
    }

    @Test func `an IP address determines its hardware address`() throws {
        let address = try #require(IPAddress("172.18.0.2"))
        #expect(HardwareAddress(for: address).description == "02:42:ac:12:00:02")
    }
}
