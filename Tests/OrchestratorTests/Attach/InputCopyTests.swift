import Linux
import SystemPackage
import TestSupport
import Testing

@testable import Orchestrator

struct InputCopyTests {
    @Test func `input and its end are copied`() async throws {
        try await InputFixture.with { fixture in
            let reader = try Descriptor.open(fixture.fifo, .nonBlocking)
            let pipe = try Pipe()
            let input = try pipe.readEnd.duplicate()
            let far = pipe.takeWriteEnd()
            let copy = try InputCopy(from: input.number, to: try fixture.target(), until: nil)
            try far.write(Array("one\ntwo\n".utf8))
            close(far)
            #expect(await copy.ended() == .inputEnded)
            #expect(try reader.readToEnd() == Array("one\ntwo\n".utf8))
        }
    }

    @Test func `input waits until the container reads it`() async throws {
        try await InputFixture.with { fixture in
            let reader = try Descriptor.open(fixture.fifo, .nonBlocking)
            try reader.setNonBlocking(false)
            let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0) }
            let file = fixture.root.appending("file")
            try AtomicFile.write(bytes, to: file)
            let input = try Descriptor.open(file)
            let copy = try InputCopy(from: input.number, to: try fixture.target(), until: nil)
            let taken = try await BackgroundThread.run { try reader.readToEnd() }
            #expect(taken == bytes)
            #expect(await copy.ended() == .inputEnded)
        }
    }

    @Test func `the detach keys end the copying`() async throws {
        try await InputFixture.with { fixture in
            let pipe = try Pipe()
            let input = try pipe.readEnd.duplicate()
            let far = pipe.takeWriteEnd()
            let reader = try Descriptor.open(fixture.fifo, .nonBlocking)
            let copy = try InputCopy(from: input.number, to: try fixture.target(), until: .standard)
            try far.write([97, 16, 17, 98])
            #expect(await copy.ended() == .detached)
            #expect(try reader.readToEnd() == [97])
        }
    }

    @Test func `copying can be stopped while the container reads nothing`() async throws {
        try await InputFixture.with { fixture in
            let pipe = try Pipe()
            let input = try pipe.readEnd.duplicate()
            let far = pipe.takeWriteEnd()
            let full = try fixture.target()
            while try full.offer([UInt8](repeating: 0, count: 65_536)[...]) > 0 {}
            let copy = try InputCopy(from: input.number, to: full, until: nil)
            try far.write([1])
            copy.stop()
            #expect(await copy.ended() == .stopped)
        }
    }

    private func close(_ descriptor: consuming Descriptor) {}
}

/// A FIFO in a scratch directory.
private struct InputFixture {
    let root: FilePath
    var fifo: FilePath { root.appending("stdin") }

    static func with(_ body: (InputFixture) async throws -> Void) async throws {
        try await withScratchDirectory { root in
            let fixture = InputFixture(root: root)
            try FileSystem.makeFIFO(fixture.fifo)
            try await body(fixture)
        }
    }

    /// The writing end of the container's input.
    func target() throws -> Descriptor {
        try Descriptor.open(fifo, [.readingAndWriting, .nonBlocking])
    }
}
