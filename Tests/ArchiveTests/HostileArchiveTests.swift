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

    @Test(arguments: [
        ("../victim", "entry leads outside the archive's root"),
        ("/victim", "No such file or directory"), ("escape/victim", "No such file or directory"),
    ])
    func `a hard link to a file outside the root is refused`(
        target: String,
        reason: String
    ) throws {
        try withScratchDirectory { outer in
            let root = outer.appending("root")
            try run("mkdir", root.string)
            try run("touch", outer.appending("victim").string)
            let error = #expect(throws: ArchiveError.self) {
                try unpack(
                    [
                        entry("escape", .symbolicLink(target: "..")),
                        entry("x", .hardLink(target: FilePath(target))),
                    ],
                    into: root
                )
            }
            #expect(error?.description.contains(reason) == true, "\(error as Any)")
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
        let record = Array(Self.record("uid=\(number)").utf8)
        let bytes =
            Self.header("PaxHeaders/x", size: record.count, type: "x") + Self.padded(record)
            + Self.header("x", size: 0, type: "0") + [UInt8](repeating: 0, count: 1024)
        try withScratchDirectory { root in
            let error = #expect(throws: ArchiveError.self) {
                try TarReader(ByteSource(bytes: bytes, name: "x")).extract(into: root)
            }
            #expect(error?.problem == .owner(number))
        }
    }

    @Test(arguments: ["9223372036854775807,1", "9223372036854775800,100"])
    func `a sparse file whose offsets overflow is an error`(map: String) throws {
        let numbers = map.split(separator: ",").map(String.init)
        // GNU's sparse format 0.1 in a PAX header: offset and length of one part.
        let records = [
            "GNU.sparse.numblocks=1", "GNU.sparse.map=\(map)", "GNU.sparse.size=\(numbers[0])",
            "GNU.sparse.name=x",
        ].map(Self.record).joined()
        let bytes =
            Self.header("PaxHeaders/x", size: records.utf8.count, type: "x")
            + Self.padded(Array(records.utf8)) + Self.header("x", size: 100, type: "0")
            + Self.padded([UInt8](repeating: 7, count: 100)) + [UInt8](repeating: 0, count: 1024)
        try withScratchDirectory { root in
            let error = #expect(throws: ArchiveError.self) {
                try TarReader(ByteSource(bytes: bytes, name: "x")).extract(into: root)
            }
            guard case .system(let cause) = error?.problem else {
                Issue.record("another error: \(error as Any)")
                return
            }
            #expect(cause.reason == .fileTooLarge)
        }
    }

    /// A PAX record, which starts with its own length.
    private static func record(_ text: String) -> String {
        var length = text.utf8.count + 2
        while "\(length) \(text)\n".utf8.count != length { length += 1 }
        return "\(length) \(text)\n"
    }

    private static func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
    }

    /// A ustar header. Source: POSIX pax, "ustar Interchange Format".
    private static func header(_ name: String, size: Int, type: Unicode.Scalar) -> [UInt8] {
        func octal(_ number: Int, _ width: Int) -> String {
            let digits = String(number, radix: 8)
            return String(repeating: "0", count: width - 1 - digits.count) + digits + "\0"
        }
        func field(_ text: String, _ width: Int) -> String {
            text + String(repeating: "\0", count: width - text.utf8.count)
        }
        let start =
            field(name, 100) + octal(0o644, 8) + octal(0, 8) + octal(0, 8) + octal(size, 12)
            + octal(0, 12)
        let end = String(type) + field("", 100) + "ustar\000" + field("", 247)
        let sum = (start + "        " + end).utf8.reduce(0) { $0 + Int($1) }
        return Array((start + octal(sum, 7) + " " + end).utf8)
    }

    @Test func `a name that is too long is an error, not a crash`() throws {
        try withScratchDirectory { root in
            let long = FilePath(String(repeating: "x", count: 300))
            let deep = FilePath(String(repeating: "x/", count: 2100) + "x")
            for path in [long, deep] {
                let error = #expect(throws: ArchiveError.self) {
                    try unpack([file(path, "x")], into: root)
                }
                #expect(error?.description.contains("name too long") == true, "\(error as Any)")
            }
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
                let error = #expect(throws: ArchiveError.self) {
                    try TarReader(ByteSource(bytes: bytes, name: "x")).extract(into: root)
                }
                let words = "may be damaged or truncated"
                #expect(error?.description.contains(words) == true, "\(error as Any)")
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
