import DNS
import Testing

struct HostileMessageTests {
    private static let header: [UInt8] = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]

    @Test(
        arguments: [
            ([], MessageError.Problem.endsEarly), ([0xc0, 12, 0, 1, 0, 1], .forwardPointer),
            ([0xc0, 200], .forwardPointer), ([1, 0x61, 0xc0, 12, 0, 1, 0, 1], .forwardPointer),
            ([0x40, 0], .unknownLabelKind), ([0x80, 0], .unknownLabelKind),
            ([63, 0x61], .endsEarly),
            ([0xc0], .endsEarly), ([1, 0x61, 0, 0, 1, 0], .endsEarly),
            (
                [UInt8](
                    [[UInt8]](repeating: [63] + [UInt8](repeating: 0x61, count: 63), count: 5)
                        .joined()
                ) + [0, 0, 1, 0, 1], .longName
            ),
        ] as [([UInt8], MessageError.Problem)]
    )
    func `a malformed name is rejected`(name: [UInt8], problem: MessageError.Problem) {
        let error = #expect(throws: MessageError.self) {
            _ = try Message(decoding: Self.header + name)
        }
        #expect(error?.problem == problem)
    }

    @Test func `a header that announces missing records is rejected`() {
        let header: [UInt8] = [0, 1, 0x81, 0x80] + Array(repeating: 0xff, count: 8)
        let error = #expect(throws: MessageError.self) { try Message(decoding: header) }
        #expect(error?.problem == .endsEarly)
    }

    @Test func `an address of the wrong size is rejected`() {
        let record: [UInt8] = [0, 0, 1, 0, 1, 0, 0, 0, 5, 0, 3, 1, 2, 3]
        let header: [UInt8] = [0, 1, 0x81, 0x80, 0, 0, 0, 1, 0, 0, 0, 0]
        let error = #expect(throws: MessageError.self) {
            _ = try Message(decoding: header + record)
        }
        #expect(error?.problem == .addressOfWrongSize)
    }

    @Test func `a long chain of pointers is rejected quickly`() {
        func pointer(to offset: Int) -> [UInt8] {
            [0xc0 | UInt8(offset >> 8), UInt8(offset & 0xff)]
        }
        // The opaque data of a record, each of whose pointers refers to the one before.
        let start = Self.header.count + 11
        var chain: [UInt8] = [0]
        while chain.count < 0x3f00 { chain += pointer(to: start + max(chain.count - 2, 0)) }
        let length = [UInt8(chain.count >> 8), UInt8(chain.count & 0xff)]
        var bytes: [UInt8] = [0, 1, 0x81, 0x80, 0, 0, 0, 2, 0, 0, 0, 0]
        bytes += [0, 0xff, 0, 0, 1, 0, 0, 0, 0] + length + chain
        // The next record's name is the end of the chain.
        bytes += pointer(to: start + chain.count - 2) + [0, 1, 0, 1]
        let error = #expect(throws: MessageError.self) { try Message(decoding: bytes) }
        #expect(error?.problem == .longName)
    }

    @Test func `random bytes are decoded or rejected`() {
        var generator = Generator(state: 42)
        for _ in 0..<20_000 {
            let count = Int(generator.next() % 200)
            var bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            // Few records, so that decoding gets far.
            for index in [4, 6, 8, 10] where index < count { bytes[index] = 0 }
            for index in [5, 7, 9, 11] where index < count { bytes[index] &= 3 }
            expectSound(bytes)
        }
    }

    @Test func `a message with a changed byte is decoded or rejected`() throws {
        let name = try #require(DomainName("web.example.org"))
        let query = Message(
            id: 7,
            question: Question(name: name, type: .any),
            edns: Message.Extension(payloadSize: 1232)
        )
        var response = Message(answering: query)
        response.answers = [
            ResourceRecord(name: name, timeToLive: 5, data: .alias(name)),
            ResourceRecord(name: name, timeToLive: 5, data: .opaque(.mx, [0, 1, 0])),
        ]
        let sound = response.encoded()
        for index in sound.indices {
            for value in UInt8.min...UInt8.max {
                var bytes = sound
                bytes[index] = value
                expectSound(bytes)
            }
        }
    }

    /// A decoded message survives a round trip.
    private func expectSound(_ bytes: [UInt8]) {
        // Rejection is correct too.
        guard let message = try? Message(decoding: bytes) else { return }
        #expect(throws: Never.self) { try Message(decoding: message.encoded()) }
    }
}

/// A reproducible generator. Source: Knuth's MMIX generator.
private struct Generator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }
}
