import Glibc
import Linux
import SystemPackage
import TestSupport
import Testing

@testable import Archive

@Suite(needsRoot)
struct LiveTreeTests {
    @Test func `a file that shrinks while being read is padded with zeros`() throws {
        try withScratchDirectory { root in
            let path = root.appending("log")
            try AtomicFile.write([UInt8](repeating: 7, count: 1 << 20), to: path)
            var bytes: [UInt8] = []
            let writer = try TarWriter(name: "test") { piece in
                bytes += piece
                // The first piece was written: truncate the file while most of it is unread.
                _ = unsafe truncate(path.string, 0)
            }
            try writer.add(
                entry: "log",
                of: Descriptor.open(root, .directory),
                called: root,
                as: "log"
            )
            try writer.finish()
            let reader = try TarReader(ByteSource(bytes: bytes, name: "test"))
            #expect(try reader.next()?.kind == .file(size: 1 << 20))
            let content = try reader.contents(limit: 1 << 20)
            #expect(content.count == 1 << 20)
            #expect(content.first == 7 && content.last == 0)
        }
    }

    @Test func `a file that grows while being read is truncated to its initial size`() throws {
        try withScratchDirectory { root in
            let path = root.appending("log")
            try AtomicFile.write([UInt8](repeating: 7, count: 300_000), to: path)
            var bytes: [UInt8] = []
            let writer = try TarWriter(name: "test") { piece in
                bytes += piece
                _ = unsafe truncate(path.string, 900_000)
            }
            try writer.add(directory: Descriptor.open(root, .directory), called: root, as: "d")
            try writer.finish()
            let reader = try TarReader(ByteSource(bytes: bytes, name: "test"))
            #expect(try reader.next()?.kind == .directory)
            #expect(try reader.next()?.kind == .file(size: 300_000))
            #expect(try reader.next() == nil)
        }
    }

    @Test func `FIFOs are not opened and symbolic links are not followed`() throws {
        try withScratchDirectory { root in
            try run("mkfifo", root.appending("pipe").string)
            try run("ln", "-s", "/etc/passwd", root.appending("link").string)
            #expect(
                try kinds(in: root) == [
                    ".": .directory, "./link": .symbolicLink(target: "/etc/passwd"),
                    "./pipe": .fifo,
                ]
            )
        }
    }

    @Test func `the content of kernel file systems is skipped`() throws {
        #expect(try kinds(in: "/proc") == [".": .directory])
    }

    @Test func `names that are not UTF-8 are preserved`() throws {
        try withScratchDirectory { root in
            let name = try #require(
                unsafe [CChar(bitPattern: 0xE4), 0x78, 0].withUnsafeBufferPointer {
                    unsafe $0.baseAddress.flatMap {
                        unsafe FilePath.Component(platformString: $0)
                    }
                }
            )
            let directory = try Descriptor.open(root, .directory)
            for name in [name, "grün"] {
                _ = try directory.open(entry: name, [.writing, .creating])
            }
            let names = try kinds(in: root).keys.compactMap(\.lastComponent)
            #expect(Set(names) == [".", name, "grün"])
        }
    }

    private func kinds(in directory: FilePath) throws -> [FilePath: TarEntry.Kind] {
        var bytes: [UInt8] = []
        let writer = try TarWriter(name: "test") { bytes += $0 }
        try writer.add(
            directory: Descriptor.open(directory, .directory),
            called: directory,
            as: "."
        )
        try writer.finish()
        let reader = try TarReader(ByteSource(bytes: bytes, name: "test"))
        var kinds: [FilePath: TarEntry.Kind] = [:]
        while let entry = try reader.next() {
            // The reader removes "./" from names.
            let isRoot = entry.path == "." || entry.path == "./"
            kinds[isRoot ? "." : FilePath(".").appending(entry.path.components)] = entry.kind
        }
        return kinds
    }
}

@Suite(needsRoot)
struct ReplacementTests {
    private let careful = ExtractionOptions(replacement: .sameKind)

    @Test(arguments: [true, false])
    func `a directory and a non-directory do not replace each other`(isDirectory: Bool) throws {
        try withScratchDirectory { root in
            try run(isDirectory ? "mkdir" : "touch", root.appending("x").string)
            let error = #expect(throws: ArchiveError.self) {
                let bytes = try tar([isDirectory ? file("x", "new") : entry("x", .directory)])
                try TarReader(ByteSource(bytes: bytes, name: "test"))
                    .extract(into: root, options: careful)
            }
            #expect(error?.problem == .wouldReplace(directory: isDirectory))
        }
    }

    @Test func `a file replaces a file, and the root stays unchanged`() throws {
        try withScratchDirectory { root in
            try run("chmod", "0711", root.string)
            try AtomicFile.write(Array("old".utf8), to: root.appending("x"))
            let bytes = try tar([entry(".", .directory, mode: 0o777), file("x", "new")])
            try TarReader(ByteSource(bytes: bytes, name: "test"))
                .extract(into: root, options: careful)
            #expect(try contents(root.appending("x")) == "new")
            #expect(status(root)?.st_mode == S_IFDIR | 0o711)
        }
    }

    @Test func `devices can be skipped and owners left unchanged`() throws {
        try withScratchDirectory { root in
            var (owned, content) = file("x", "x")
            (owned.userID, owned.groupID) = (77, 78)
            let node = entry("null", .characterDevice(major: 1, minor: 3))
            let options = ExtractionOptions(ownership: .caller, makesDevices: false)
            try TarReader(ByteSource(bytes: tar([(owned, content), node]), name: "test"))
                .extract(into: root, options: options)
            #expect(status(root.appending("null")) == nil)
            #expect(status(root.appending("x"))?.st_uid == geteuid())
        }
    }

    @Test func `a directory below the root is resolved inside the root`() throws {
        try withScratchDirectory { outer in
            let root = outer.appending("root")
            try run("mkdir", "-p", root.appending("etc").string)
            try run("ln", "-s", "/etc", root.appending("link").string)
            var options = careful
            options.directory = "link"
            let place = try Descriptor.open(root, [.pathOnly, .directory])
            try TarReader(ByteSource(bytes: tar([file("new", "x")]), name: "test"))
                .extract(into: place, called: "/", options: options)
            #expect(try contents(root.appending("etc/new")) == "x")
        }
    }
}
