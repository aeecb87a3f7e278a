import Addresses
import DNS
import Testing

@testable import ContainerNetwork

struct NameResolutionTests {
    @Test(arguments: [
        (RecordType.a, ["10.0.0.1", "10.0.0.2"]), (.aaaa, ["fd00::1"]),
        (.any, ["10.0.0.1", "10.0.0.2", "fd00::1"]), (.mx, []), (RecordType(rawValue: 65), []),
    ])
    func `a known name has the requested data, or none`(
        type: RecordType,
        expected: [String]
    ) throws {
        let response = try reply(to: try query("WEB", type))
        #expect(response.responseCode == .success && response.isAuthoritative)
        #expect(response.questions.first?.name.description == "WEB")
        let addresses = response.answers.compactMap { record -> String? in
            guard case .address(let address) = record.data else { return nil }
            return address.description
        }
        #expect(addresses == expected)
        #expect(response.answers.allSatisfy { $0.timeToLive == NameResolution.timeToLive })
    }

    @Test func `the order of several addresses rotates`() throws {
        let first = try (0..<4).map { turn in
            try reply(to: try query("web", .a), rotation: turn).answers.first?.data
        }
        #expect(first[0] != first[1] && first[0] == first[2] && first[1] == first[3])
    }

    @Test func `an address has a name`() throws {
        let response = try reply(to: try query("1.0.0.10.in-addr.arpa", .ptr))
        #expect(response.answers.map(\.data) == [.pointer(try #require(DomainName("web.one")))])
    }

    @Test func `a missing name of ours is denied, other names are forwarded`() throws {
        #expect(try reply(to: try query("9.0.0.10.in-addr.arpa", .ptr)).responseCode == .noSuchName)
        for (name, type) in [("example.org", RecordType.a), ("1.0.0.11.in-addr.arpa", .ptr)] {
            let bytes = try query(name, type).encoded()
            #expect(resolution().decide(bytes) == .forward(try Message(decoding: bytes)))
        }
    }

    @Test func `an answer too long for a datagram is truncated, but not over a connection`()
        throws
    {
        let query = try query("many", .a)
        #expect(try reply(to: query).isTruncated)
        #expect(try reply(to: query, overStream: true).answers.count == 100)
        var large = query
        large.edns = Message.Extension(payloadSize: 4096)
        #expect(try reply(to: large).answers.count == 100)
    }

    @Test func `an invalid question gets an error or no response`() throws {
        var query = try query("web", .a)
        query.operation = 4
        #expect(try reply(to: query).responseCode == .notImplemented)
        query.operation = 0
        query.questions += query.questions
        #expect(try reply(to: query).responseCode == .formatError)
        query.questions = [
            Question(name: .root, type: .txt, class: RecordClass(rawValue: 3))
        ]
        #expect(try reply(to: query).responseCode == .refused)
        let broken = Array(query.encoded().dropLast())
        guard case .reply(let bytes) = resolution().decide(broken) else {
            Issue.record("no reply")
            return
        }
        let response = try Message(decoding: bytes)
        #expect(response.responseCode == .formatError && response.id == query.id)
        #expect(resolution().decide([1, 2, 3]) == .ignore)
        #expect(resolution().decide(Message(answering: query).encoded()) == .ignore)
    }

    private func resolution(rotation: Int = 0, overStream: Bool = false) -> NameResolution {
        NameResolution(rotation: rotation, overStream: overStream) { lookup in
            switch lookup {
            case .addresses(of: "web"):
                .addresses(["10.0.0.1", "10.0.0.2", "fd00::1"].compactMap { IPAddress($0) })
            case .addresses(of: "many"):
                .addresses((1...100).compactMap { IPAddress("10.0.1.\($0)") })
            case .name(let address):
                switch address.description {
                case "10.0.0.1": .name("web.one")
                case let other: other.hasPrefix("10.0.0.") ? .nonexistent : nil
                }
            default: nil
            }
        }
    }

    private func query(_ name: String, _ type: RecordType) throws -> Message {
        Message(id: 99, question: Question(name: try #require(DomainName(name)), type: type))
    }

    private func reply(
        to query: Message,
        rotation: Int = 0,
        overStream: Bool = false
    ) throws -> Message {
        let decision = resolution(rotation: rotation, overStream: overStream)
            .decide(query.encoded())
        guard case .reply(let bytes) = decision else {
            throw NetworkError.noSuchNetwork("\(decision)")
        }
        let response = try Message(decoding: bytes)
        #expect(response.isResponse && response.id == query.id)
        return response
    }
}
