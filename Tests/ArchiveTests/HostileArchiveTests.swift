import Glibc
import Linux
import SystemPackage
import TestSupport
import Testing

@testable import Archive

@Suite(needsRoot)
struct HostileArchiveTests {
    @Test(arguments: ["../x", "a/../../x", "../../../../tmp/x", "a/b/../../../x"])
    func `a name that leads above the root is refused`(name: String) throws {
        try withScratchDirectory { root in
            let error = #expect(throws: ArchiveError.self) {
                try unpack([file(FilePath(name), "x")], into: root)
            }
            #expect(error?.problem == .escapesRoot)
        }
    }

    @Test func `an absolute name is relative to the root`() throws {
        try withScratchDirectory { root in
            try unpack([file("/etc/x", "x"), file("/../y", "y")], into: root)
            #expect(try contents(root.appending("etc/x")) == "x")
            #expect(try contents(root.appending("y")) == "y")
        }
    }

    @Test(arguments: ["SCRATCH/outside", "/", "../outside", "../../../../../..", "loop"])
    func `a symbolic link as parent does not lead outside the root`(target: String) throws {
        try withScratchDirectory { scratch in
            let (root, outside) = (scratch.appending("root"), scratch.appending("outside"))
            try run("mkdir", root.string, outside.string)
            let link = FilePath(target.replacing("SCRATCH", with: scratch.string))
            let name = try #require(scratch.lastComponent)
            let victim = FilePath("loop").appending(name)
            // A loop is an error; any other link is resolved inside the root.
            try? unpack(
                [entry("loop", .symbolicLink(target: link)), file(victim, "x")],
                into: root
            )
            #expect(try FileSystem.entries(of: outside) == [])
            #expect(try FileSystem.entries(of: scratch) == ["outside", "root"])
            #expect(!FileSystem.exists(FilePath("/").appending(name)))
        }
    }

    @Test func `a file is not written through a symbolic link of the same name`() throws {
        try withScratchDirectory { outer in
            let (root, victim) = (outer.appending("root"), outer.appending("victim"))
            try run("mkdir", root.string)
            try run("touch", victim.string)
            let link = entry("x", .symbolicLink(target: victim))
            try unpack([link, file("x", "evil")], into: root)
            #expect(try contents(victim) == "")
            #expect(try contents(root.appending("x")) == "evil")
        }
    }

    @Test(arguments: ["../victim", "/victim", "escape/victim"])
    func `a hard link to a file outside the root is refused`(target: String) throws {
        try withScratchDirectory { outer in
            let root = outer.appending("root")
            try run("mkdir", root.string)
            try run("touch", outer.appending("victim").string)
            #expect(throws: ArchiveError.self) {
                try unpack(
                    [
                        entry("escape", .symbolicLink(target: "..")),
                        entry("x", .hardLink(target: FilePath(target))),
                    ],
                    into: root
                )
            }
            #expect(status(outer.appending("victim"))?.st_nlink == 1)
        }
    }

    @Test(arguments: [".wh.", ".wh..", ".wh...", "a/.wh..."])
    func `a whiteout without a name, of '.' or '..' is refused`(name: String) throws {
        try withScratchDirectory { root in
            let error = #expect(throws: ArchiveError.self) {
                try unpack([file(FilePath(name), "")], into: root)
            }
            #expect(error?.problem == .emptyWhiteout)
        }
    }

    @Test func `attributes of overlayfs and security labels are dropped`() throws {
        try withScratchDirectory { root in
            var directory = TarEntry(path: "d", kind: .directory, mode: 0o755)
            directory.attributes = [
                "trusted.overlay.redirect": Array("/etc".utf8), "trusted.other": [1],
                "user.overlay.opaque": [1], "user.kept": [2],
            ]
            try unpack([(directory, [])], into: root)
            #expect(try attributes(root.appending("d")) == ["user.kept": [2]])
        }
    }

    @Test(arguments: [Int64(-1), Int64(UInt32.max), Int64(1) << 40])
    func `an invalid owner is refused`(number: Int64) throws {
        try withScratchDirectory { root in
            var entry = TarEntry(path: "x", kind: .directory)
            entry.userID = number
            #expect(throws: ArchiveError.self) { try unpack([(entry, [])], into: root) }
        }
    }

    @Test func `a name that is too long is an error, not a crash`() throws {
        try withScratchDirectory { root in
            let long = FilePath(String(repeating: "x", count: 300))
            let deep = FilePath(String(repeating: "x/", count: 2100) + "x")
            #expect(throws: ArchiveError.self) { try unpack([file(long, "x")], into: root) }
            #expect(throws: ArchiveError.self) { try unpack([file(deep, "x")], into: root) }
        }
    }

    @Test func `a truncated or damaged archive is refused`() throws {
        let whole = try tar([file("a", String(repeating: "a", count: 100_000))])
        let packed = try tar(
            [file("a", String(repeating: "a", count: 100_000))],
            encoding: .gzip(level: 6)
        )
        var damaged = packed
        damaged[packed.count / 2] ^= 0xff
        for bytes in [
            Array(whole.prefix(50_000)), Array(packed.dropLast(20)), damaged,
            [UInt8]("this is no archive".utf8), [UInt8](repeating: 7, count: 100_000),
        ] {
            try withScratchDirectory { root in
                #expect(throws: ArchiveError.self) {
                    try TarReader(ByteSource(bytes: bytes, name: "x")).extract(into: root)
                }
            }
        }
    }

    @Test(arguments: 0..<8)
    func `a randomly damaged archive leaves everything outside the root unchanged`(
        seed: UInt64
    ) throws {
        let whole = try tar([
            file("a/b", "hello"), entry("a/l", .symbolicLink(target: "../../outside")),
            file("a/l/c", "x"), entry("a/h", .hardLink(target: "a/b")),
            file(FilePath(String(repeating: "n", count: 200)), "x"),
        ])
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<25 {
            var bytes = whole
            for _ in 0..<8 {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] =
                    UInt8.random(in: 0...255, using: &generator)
            }
            try withScratchDirectory { scratch in
                let (root, outside) = (scratch.appending("root"), scratch.appending("outside"))
                try run("mkdir", root.string, outside.string)
                try AtomicFile.write(Array("sentinel".utf8), to: outside.appending("c"))
                // The archive may be accepted or rejected.
                try? TarReader(ByteSource(bytes: bytes, name: "x")).extract(into: root)
                #expect(try FileSystem.readText(outside.appending("c")) == "sentinel")
                #expect(try FileSystem.entries(of: outside) == ["c"])
                #expect(try FileSystem.entries(of: scratch) == ["outside", "root"])
            }
        }
    }
}
