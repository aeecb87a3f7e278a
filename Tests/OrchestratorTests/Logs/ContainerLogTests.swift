import Linux
import SystemPackage
import Testing

@testable import Orchestrator

struct ContainerLogTests {
    @Test func `both streams are written as log lines`() async throws {
        try await LogFixture.with { fixture in
            let log = try fixture.log()
            try fixture.say("one\ntwo\n")
            try fixture.say("bad\n", .error)
            try log.finish()
            let lines = try FileSystem.readText(fixture.paths().log).split(separator: "\n")
            let rests = lines.map { $0.dropFirst(LogFormat.timeLength + 1) }
            #expect(rests == ["stdout F one", "stdout F two", "stderr F bad"])
        }
    }

    @Test func `non-text bytes pass unchanged`() async throws {
        try await LogFixture.with { fixture in
            let log = try fixture.log()
            let bytes: [UInt8] = [0, 255, 13, 27, 128, 10]
            try Descriptor.open(fixture.paths().standardOutput, .readingAndWriting).write(bytes)
            try log.finish()
            var texts: [[UInt8]] = []
            try LogReader([fixture.source()]).run { texts.append(Array($0.text)) }
            #expect(texts == [[0, 255, 13, 27, 128]])
        }
    }

    @Test func `a long line is stored in pieces and read as one`() async throws {
        try await LogFixture.with { fixture in
            let log = try fixture.log()
            let long = String(repeating: "x", count: 50_000)
            try fixture.say(long + "\nshort\n")
            try log.finish()
            let stored = try FileSystem.readText(fixture.paths().log)
            #expect(stored.split(separator: "\n").count == 5)
            #expect(try fixture.read() == [long, "short"])
        }
    }

    @Test func `an unterminated line is held until its end or the container's`()
        async throws
    {
        try await LogFixture.with { fixture in
            let log = try fixture.log()
            try fixture.say("Pass")
            try log.pump(.output)
            #expect(try fixture.read() == [])
            try fixture.say("word: ")
            try log.finish()
            #expect(try fixture.read() == ["Password: "])
            #expect(try FileSystem.readText(fixture.paths().log).hasSuffix("E \n"))
        }
    }

    @Test func `a flushed prompt and the rest of its line are read as one line`()
        async throws
    {
        try await LogFixture.with { fixture in
            let log = try fixture.log()
            try fixture.say("user: ")
            try log.pump(.output)
            #expect(log.unfinishedLine(.output) != nil)
            try log.flush(.output)
            #expect(log.unfinishedLine(.output) == nil)
            #expect(try fixture.raw() == "user: ")
            try fixture.say("root\nlast")
            try log.finish()
            #expect(try fixture.raw() == "user: root\nlast")
            #expect(try fixture.read() == ["user: root", "last"])
            #expect(try fixture.read(["a"], LogOptions(tail: 1)) == ["last"])
        }
    }

    @Test func `a writer that dies after a partial line repeats nothing`()
        async throws
    {
        try await LogFixture.with { fixture in
            let first = try fixture.log()
            try fixture.say("one\nuser: ")
            try first.pump(.output)
            try first.flush(.output)
            let second = try fixture.log()
            try fixture.say("root\nlast")
            try second.finish()
            let third = try fixture.log()
            try third.finish()
            #expect(try fixture.raw() == "one\nuser: root\nlast")
            #expect(try fixture.read() == ["one", "user: root", "last"])
        }
    }

    @Test func `files are rotated by size and the oldest are removed`() async throws {
        try await LogFixture.with { fixture in
            let log = try fixture.log(maximumSize: 500, count: 3)
            for number in 0..<100 {
                try fixture.say("line \(number)\n")
                try log.pump(.output)
            }
            let names = try FileSystem.entries(of: fixture.paths().directory)
            #expect(names.filter { $0.hasPrefix("log") } == ["log", "log.1", "log.2"])
            for name in ["log", "log.1", "log.2"] {
                let size = try FileSystem.status(of: fixture.root.appending("a/\(name)")).size
                #expect(size < 560)
            }
            let lines = try fixture.read()
            #expect(lines.last == "line 99")
            #expect(lines == (100 - lines.count..<100).map { "line \($0)" })
        }
    }

    @Test func `a batch larger than a file is divided among several`() async throws {
        try await LogFixture.with { fixture in
            let log = try fixture.log(maximumSize: 1000, count: 100)
            try fixture.say((0..<500).map { "\($0)\n" }.joined())
            try log.finish()
            #expect(try fixture.read() == (0..<500).map(String.init))
        }
    }

    @Test(arguments: [0, 1, 2, 3, 4])
    func `a writer that dies between any two steps neither loses nor repeats a line`(
        step: Int
    )
        async throws
    {
        try await LogFixture.with { fixture in
            let first = try fixture.log()
            try fixture.say("one\ntwo\nthr")
            try first.pump(.output)
            try fixture.say("ee\nfour\nfi")
            try fixture.die(after: step)
            let second = try fixture.log()
            try fixture.say("ve\n")
            try second.finish()
            #expect(try fixture.read() == ["one", "two", "three", "four", "five"])
        }
    }

    @Test func `an interrupted rotation hides no older file`() async throws {
        try await LogFixture.with { fixture in
            try fixture.write("a", seconds: [1], suffix: ".3")
            try fixture.write("a", seconds: [2], suffix: ".2")
            try fixture.write("a", seconds: [3])
            try fixture.log(maximumSize: 1_000_000, count: 5).finish()
            #expect(try fixture.read() == ["a1", "a2", "a3"])
        }
    }

    @Test func `disabled logging keeps no log`() async throws {
        try await LogFixture.with { fixture in
            let spool = fixture.root.appending("spool")
            let log = try ContainerLog(fixture.paths(), spool: spool, rule: .none)
            try fixture.say("secret\n")
            try log.finish()
            #expect(!FileSystem.exists(fixture.paths().log))
            let passing = ProjectPaths.passingLog(spool)
            #expect(try FileSystem.readText(passing).hasSuffix("stdout F secret\n"))
            #expect(try FileSystem.status(of: spool.appending("stdout")).size == 0)
        }
    }
}

extension LogFixture {
    /// Container a's output byte by byte, as an attached client sees it.
    fileprivate func raw() throws -> String {
        var bytes: [UInt8] = []
        try LogReader([source()], LogOptions(inPieces: true)).run { line in
            bytes += line.text
            if !line.continues { bytes.append(UInt8(ascii: "\n")) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Performs the first `count` steps of writing a batch: move, write, write torn, empty.
    fileprivate func die(after count: Int) throws {
        if count == 0 { return }
        let fifo = try Descriptor.open(paths().standardOutput, [.readingAndWriting, .nonBlocking])
        let path = root.appending("spool-a/stdout")
        let spool = try Descriptor.open(path, .readingAndWriting)
        let size = try spool.status().size
        _ = try fifo.move(to: spool, at: size, upTo: 4096)
        if count == 1 { return }
        let log = try Descriptor.open(paths().log, [.writing, .appending])
        let header = LogFormat.header(.now, .output, .whole)
        try log.write(header + Array("three\n".utf8))
        if count == 2 { return }
        if count == 3 { return try log.write(Array((header + Array("fo".utf8)))) }
        try log.write(header + Array("four\n".utf8))
    }
}
