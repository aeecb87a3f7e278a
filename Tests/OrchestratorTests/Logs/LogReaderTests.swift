import Linux
import OCI
import Testing

@testable import Orchestrator

struct LogReaderTests {
    @Test func `lines of several containers are merged by time`() async throws {
        try await LogFixture.with { fixture in
            try fixture.write("a", seconds: [1, 4, 5, 9])
            try fixture.write("b", seconds: [2, 4, 7])
            try fixture.write("c", seconds: [3, 8])
            let lines = try fixture.read(["a", "b", "c"])
            #expect(lines == ["a1", "b2", "c3", "a4", "b4", "a5", "b7", "c8", "a9"])
        }
    }

    @Test func `a log that does not exist has no lines`() async throws {
        try await LogFixture.with { fixture in
            try fixture.write("b", seconds: [1])
            #expect(try fixture.read(["a", "b"]) == ["b1"])
        }
    }

    @Test(arguments: [0, 1, 3, 4, 6, 7, 100])
    func `the tail of each container spans files`(count: Int) async throws {
        try await LogFixture.with { fixture in
            try fixture.write("a", seconds: [1, 2], suffix: ".2")
            try fixture.write("a", seconds: [3], suffix: ".1")
            try fixture.write("a", seconds: [4, 5, 6])
            let all = (1...6).map { "a\($0)" }
            #expect(try fixture.read(["a"], LogOptions(tail: count)) == all.suffix(count))
        }
    }

    @Test(arguments: [1, 7, 1234, 1999, 2000, 2001])
    func `the tail of a large file is found`(count: Int) async throws {
        try await LogFixture.with { fixture in
            let log = try fixture.log()
            for start in stride(from: 0, to: 2000, by: 500) {
                let lines = (start..<start + 500).map {
                    "\($0) \(String(repeating: "y", count: $0 % 90))"
                }
                try fixture.say(lines.joined(separator: "\n") + "\n")
                try log.pump(.output)
            }
            try log.finish()
            let numbers = try fixture.read(["a"], LogOptions(tail: count))
                .map { String($0.prefix { $0 != " " }) }
            #expect(numbers == (0..<2000).suffix(count).map(String.init))
        }
    }

    @Test(arguments: [
        (from: 0, to: 99, ["a1", "a2", "a3", "a4", "a5"]),
        (from: 2, to: 99, ["a2", "a3", "a4", "a5"]),
        (from: 0, to: 4, ["a1", "a2", "a3"]),
        (from: 3, to: 5, ["a3", "a4"]),
        (from: 6, to: 99, []),
    ])
    func `only lines of the requested period are read`(
        from: Int,
        to: Int,
        expected: [String]
    )
        async throws
    {
        try await LogFixture.with { fixture in
            try fixture.write("a", seconds: [1, 2], suffix: ".1")
            try fixture.write("a", seconds: [3, 4, 5])
            let start = try Timestamp("2026-11-24T02:00:00Z").seconds
            let options = LogOptions(
                since: Timestamp(seconds: start + Int64(from)),
                until: Timestamp(seconds: start + Int64(to))
            )
            #expect(try fixture.read(["a"], options) == expected)
        }
    }

    @Test func `a torn line is skipped`() async throws {
        try await LogFixture.with { fixture in
            let time = "2026-11-24T02:00:01.000000000Z"
            let text = "\(time) stdout F one\n\(time) std\nrubbish\n\(time) stderr F two\n"
            try AtomicFile.write(Array(text.utf8), to: fixture.paths().log)
            #expect(try fixture.read() == ["one", "two"])
        }
    }

    @Test func `following neither loses nor repeats a line across rotations`() async throws {
        try await LogFixture.with { fixture in
            let log = try fixture.log(maximumSize: 3000, count: 5)
            let collector = LineCollector()
            let session = try collector.session([fixture.source()])
            for number in 0..<1000 {
                try fixture.say("\(number)\n")
                try log.pump(.output)
                if number % 100 == 0 { await session.settle() }
                if number % 100 == 99 { await session.settle() }
            }
            await session.settle()
            #expect(collector.texts == (0..<1000).map(String.init))
            session.stop()
            await session.ended()
        }
    }

    @Test func `a container that is added later is followed too`() async throws {
        try await LogFixture.with { fixture in
            let collector = LineCollector()
            let session = try collector.session([fixture.source("a")])
            await session.settle()
            let log = try fixture.log("a")
            try fixture.say("first\n")
            try log.pump(.output)
            session.add(fixture.source("b"))
            let other = try fixture.log("b")
            try fixture.say("second\n", .error, "b")
            try other.pump(.error)
            await session.settle()
            #expect(collector.texts == ["first", "second"])
            #expect(collector.sources == [0, 1])
            session.stop()
            await session.ended()
        }
    }

    @Test func `a session delivers lines as they are written`() async throws {
        try await LogFixture.with { fixture in
            let log = try fixture.log()
            let (stream, continuation) = AsyncStream<String>.makeStream()
            let session = try LogSession([fixture.source()], LogOptions(follow: true)) { line in
                continuation.yield(String(decoding: line.text, as: UTF8.self))
                return true
            } onPause: {
                true
            }
            try fixture.say("hello\n")
            try log.pump(.output)
            for await text in stream {
                #expect(text == "hello")
                break
            }
            session.stop()
            await session.ended()
        }
    }

    /// The first look for a file to watch may come just before its creation.
    @Test func `a log that appears between the watch and the first read is watched, too`()
        async throws
    {
        try await LogFixture.with { fixture in
            let merge = LogMerge([fixture.source()], LogOptions(follow: true))
            merge.cursors[0].needsWatch = false
            try fixture.write("a", seconds: [1])
            _ = try merge.deliver([0]) { _ in }
            #expect(merge.cursors[0].needsWatch)
        }
    }
}
