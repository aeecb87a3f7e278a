import Linux
import SystemPackage
import Testing

@testable import Orchestrator

struct LogStressTests {
    @Test(arguments: 1...6)
    func `no line is lost or repeated across pieces, rotations and deaths`(
        seed: UInt64
    ) async throws {
        try await LogFixture.with { fixture in
            var random = SeededGenerator(seed: seed)
            let size = Int64.random(in: 500...20_000, using: &random)
            var log = try fixture.log(maximumSize: size, count: 1000)
            let collector = LineCollector()
            let session = try collector.session([fixture.source()])
            let lines = (0..<1500).map { number in
                let length = Int.random(in: 0...(number % 50 == 0 ? 40_000 : 60), using: &random)
                return "\(number) " + String(repeating: "y", count: length)
            }
            var bytes = Array(lines.joined(separator: "\n").utf8)[...]
            while !bytes.isEmpty {
                let piece = bytes.prefix(Int.random(in: 1...3000, using: &random))
                bytes = bytes.dropFirst(piece.count)
                try fixture.say(String(decoding: piece, as: UTF8.self))
                switch Int.random(in: 0..<20, using: &random) {
                case 0..<14: try log.pump(.output)
                // A new writer takes over the files of the old one.
                case 14: log = try fixture.log(maximumSize: size, count: 1000)
                case 15: await session.settle()
                default: continue
                }
                while try log.pump(.output) {}
            }
            try log.finish()
            await session.settle()
            #expect(collector.texts == lines)
            session.stop()
            await session.ended()
            #expect(try fixture.read() == lines)
        }
    }
}

/// Reproducible random numbers. Source: SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
