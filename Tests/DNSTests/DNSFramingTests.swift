import DNS
import Testing

struct DNSFramingTests {
    @Test(arguments: [1, 2, 3, 100])
    func `messages are separated regardless of the pieces they arrive in`(size: Int) {
        let messages: [[UInt8]] = [[1, 2, 3], [], Array(repeating: 7, count: 300), [4]]
        let stream = messages.flatMap(DNSFraming.frame)
        var framing = DNSFraming()
        var received: [[UInt8]] = []
        for start in stride(from: 0, to: stream.count, by: size) {
            framing.add(Array(stream[start...].prefix(size)))
            while let message = framing.next() { received.append(message) }
        }
        #expect(received == messages)
    }

    @Test func `an incomplete message is not returned`() {
        var framing = DNSFraming()
        framing.add([0])
        #expect(framing.next() == nil)
        framing.add([2, 9])
        #expect(framing.next() == nil)
        framing.add([8])
        #expect(framing.next() == [9, 8])
        #expect(framing.next() == nil)
    }
}
