import Glibc
import Linux
import SystemPackage
import Testing

@testable import Orchestrator

@Suite(.enabled(if: geteuid() == 0, "needs root to mount a small file system"))
struct FullDiskTests {
    @Test func `a full disk loses lines without blocking the writer, and is reported`() async throws
    {
        try await LogFixture.with { fixture in
            let disk = try DetachedMount(
                type: "tmpfs",
                source: "tmpfs",
                settings: [MountSetting("size", "256k")]
            )
            let place = fixture.root.appending("a")
            try disk.attach(to: place)
            let result = Result { try fillAndFree(fixture, place) }
            try Mount.unmount(place, lazily: true)
            try result.get()
        }
    }

    private func fillAndFree(_ fixture: LogFixture, _ place: FilePath) throws {
        // FIFOs, spool and log on the same disk, as below one root.
        let log = try ContainerLog(
            fixture.paths(),
            spool: place.appending("spool"),
            rule: .files(maximumSize: 0, count: 1)
        )
        var messages: [String] = []
        log.onTrouble = { messages.append($0) }
        try fixture.say("before\n")
        try log.pump(.output)
        let ballast = place.appending("ballast")
        fillUp(ballast)
        // Many times the FIFO's capacity: a blocked writer would never finish.
        let line = String(repeating: "x", count: 999) + "\n"
        for _ in 0..<1000 {
            try fixture.say(line)
            try log.pump(.output)
        }
        #expect(messages.count == 1)
        #expect(messages.first?.contains("being lost") == true)
        try FileSystem.removeFile(ballast)
        try fixture.say("after\n")
        try log.finish()
        #expect(messages.count == 2)
        let lines = try fixture.read()
        #expect(lines.first == "before")
        #expect(lines.last == "after")
        #expect(lines.contains { $0.contains("bytes of output were lost here") })
    }

    private func fillUp(_ path: FilePath) {
        do throws(SystemCallError) {
            let file = try Descriptor.open(path, [.writing, .creating])
            while true { try file.write([UInt8](repeating: 1, count: 4096)) }
        } catch {
            // The disk is full now.
        }
    }
}
