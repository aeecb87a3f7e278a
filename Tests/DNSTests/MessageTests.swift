import Addresses
import DNS
import Testing

struct MessageTests {
    @Test func `a query has the encoding of RFC 1035`() throws {
        let question = Question(name: try #require(DomainName("db")), type: .a)
        let query = Message(id: 0x1234, question: question)
        let bytes: [UInt8] = [
            0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2, 0x64, 0x62, 0, 0, 1, 0, 1,
        ]
        #expect(query.encoded() == bytes)
        #expect(try Message(decoding: bytes) == query)
        #expect(query.datagramLimit == 512)
    }

    @Test func `every part survives a round trip`() throws {
        let name = try #require(DomainName("web.example.org"))
        let query = Message(
            id: 7,
            question: Question(name: name, type: .any),
            edns: Message.Extension(payloadSize: 1232, wantsSecurity: true)
        )
        var response = Message(answering: query)
        response.isAuthoritative = true
        response.answers = [
            ResourceRecord(name: name, timeToLive: 5, data: .address(try address("10.0.0.1"))),
            ResourceRecord(name: name, timeToLive: 70000, data: .address(try address("fd00::1"))),
            ResourceRecord(
                name: name,
                timeToLive: 0,
                data: .alias(try #require(DomainName("x.org")))
            ),
        ]
        response.authorities = [
            ResourceRecord(name: .root, timeToLive: 1, data: .opaque(.txt, [1, 0x61]))
        ]
        response.additionals = [ResourceRecord(name: .root, timeToLive: 1, data: .pointer(name))]
        #expect(try Message(decoding: query.encoded()) == query)
        #expect(try Message(decoding: response.encoded()) == response)
    }

    @Test func `a repeated name is written once`() throws {
        let name = try #require(DomainName("a-rather-long-name.example.org"))
        var message = Message(answering: Message(id: 1, question: Question(name: name, type: .a)))
        let record = ResourceRecord(
            name: name,
            timeToLive: 5,
            data: .address(try address("10.0.0.1"))
        )
        message.answers = Array(repeating: record, count: 100)
        #expect(message.encoded().count == 12 + 36 + 100 * 16)
        #expect(try Message(decoding: message.encoded()) == message)
    }

    @Test func `a message too long for a datagram is truncated`() throws {
        let name = try #require(DomainName("web"))
        var message = Message(answering: Message(id: 1, question: Question(name: name, type: .a)))
        let record = ResourceRecord(
            name: name,
            timeToLive: 5,
            data: .address(try address("10.0.0.1"))
        )
        message.answers = Array(repeating: record, count: 40)
        let short = try Message(decoding: message.encoded(limit: 512))
        #expect(short.isTruncated && short.answers.isEmpty && short.questions == message.questions)
    }

    private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }
}
