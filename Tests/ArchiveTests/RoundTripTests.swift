import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Archive

@Suite(needsRoot)
struct RoundTripTests {
    @Test func `owners, modes, times, links, devices and attributes are preserved`() throws {
        try withScratchDirectory { scratch in
            let (tree, copy) = (scratch.appending("tree"), scratch.appending("copy"))
            try run("mkdir", "-p", tree.appending("d/e").string, copy.string)
            try run("cp", "/bin/true", tree.appending("d/suid").string)
            try run("chown", "33:44", tree.appending("d/suid").string)
            try run("chmod", "4755", tree.appending("d/suid").string)
            try run("ln", tree.appending("d/suid").string, tree.appending("hard").string)
            try run("ln", "-s", "/nowhere/é", tree.appending("soft").string)
            try run("mkfifo", "-m", "620", tree.appending("fifo").string)
            try run("mknod", "-m", "600", tree.appending("null").string, "c", "1", "3")
            try run("mknod", tree.appending("block").string, "b", "259", "1048575")
            try run("touch", "-d", "2001-02-03T04:05:06Z", tree.appending("d/e").string)
            try run("touch", tree.appending("nfd-e\u{301}").string)
            try run("touch", tree.appending(String(repeating: "é", count: 120)).string)
            let capability: [UInt8] = [1, 0, 0, 2, 0, 4, 0, 0] + [UInt8](repeating: 0, count: 12)
            let descriptor = unsafe open(tree.appending("d/suid").string, O_RDONLY)
            try setAttribute("security.capability", to: capability, on: descriptor, subject: "")
            close(descriptor)

            let bytes = try archive(tree)
            try TarReader(ByteSource(bytes: bytes, name: "tree")).extract(into: copy)

            #expect(try archive(copy) == bytes)
            let suid = try #require(status(copy.appending("d/suid")))
            #expect(suid.st_mode & 0o7777 == 0o4755)
            #expect(suid.st_uid == 33 && suid.st_gid == 44 && suid.st_nlink == 2)
            #expect(try attributes(copy.appending("hard"))["security.capability"] == capability)
            #expect(status(copy.appending("d/e"))?.st_mtim.tv_sec == 981_173_106)
            #expect(status(copy.appending("nfd-e\u{301}")) != nil)
        }
    }

    @Test func `a sparse file stays sparse and is small in the archive`() throws {
        try withScratchDirectory { scratch in
            let (tree, copy) = (scratch.appending("tree"), scratch.appending("copy"))
            try run("mkdir", tree.string, copy.string)
            let sparse = tree.appending("sparse").string
            try run("truncate", "-s", "1G", sparse)
            try run(
                "dd",
                "if=/bin/true",
                "of=\(sparse)",
                "bs=4096",
                "count=1",
                "seek=100000",
                "conv=notrunc",
                "status=none"
            )
            try run("truncate", "-s", "1M", tree.appending("hole").string)
            let bytes = try archive(tree)
            #expect(bytes.count < 100_000)
            try TarReader(ByteSource(bytes: bytes, name: "tree")).extract(into: copy)
            let result = try #require(status(copy.appending("sparse")))
            #expect(result.st_size == 1 << 30)
            #expect(result.st_blocks < 100)
            #expect(status(copy.appending("hole"))?.st_size == 1 << 20)
            try run("cmp", sparse, copy.appending("sparse").string)
        }
    }

    @Test(arguments: [TarWriter.Encoding.none, .gzip(level: 6), .zstd(level: 3)])
    func `every compression is detected by its content`(encoding: TarWriter.Encoding) throws {
        let content = String(repeating: "hello ", count: 100_000)
        let bytes = try tar([file("a", content)], encoding: encoding)
        let reader = try TarReader(ByteSource(bytes: bytes, name: "x"))
        #expect(try reader.next()?.path == "a")
        #expect(try reader.contents(limit: 1_000_000) == Array(content.utf8))
        #expect(try reader.next() == nil)
        #expect(try tar([file("a", content)], encoding: encoding) == bytes)
    }

    @Test(arguments: ["-z", "-j", "-J", "--zstd", "--format=gnu", "--format=pax"])
    func `archives of GNU tar can be read`(flag: String) throws {
        try withScratchDirectory { scratch in
            let (tree, copy) = (scratch.appending("tree"), scratch.appending("copy"))
            try run("mkdir", "-p", tree.appending(String(repeating: "d", count: 150)).string)
            try run("mkdir", copy.string)
            let name = "\(String(repeating: "d", count: 150))/\(String(repeating: "é", count: 100))"
            try run("touch", tree.appending(name).string)
            let path = scratch.appending("x.tar")
            try run("tar", flag, "-C", tree.string, "-cf", path.string, ".")
            #expect(try TarReader.canRead(path))
            try TarReader(ByteSource(file: path)).extract(into: copy)
            #expect(status(copy.appending(name)) != nil)
        }
    }

    @Test func `GNU tar can read the archives written`() throws {
        try withScratchDirectory { scratch in
            let bytes = try tar([file("dir/é", "x"), entry("soft", .symbolicLink(target: "é"))])
            let path = scratch.appending("x.tar")
            let descriptor = try FileDescriptor.open(
                path,
                .writeOnly,
                options: .create,
                permissions: [.ownerReadWrite]
            )
            _ = try descriptor.closeAfter { try descriptor.writeAll(bytes) }
            try run("tar", "-C", scratch.string, "-xf", path.string)
            #expect(try contents(scratch.appending("dir/é")) == "x")
        }
    }

    @Test func `the observer receives the whole uncompressed archive`() throws {
        let plain = try tar([file("a", "hello")]) + [UInt8](repeating: 0, count: 10_240)
        var seen: [UInt8] = []
        let reader = try TarReader(ByteSource(bytes: plain, name: "x")) { seen += $0 }
        while try reader.next() != nil {}
        #expect(seen == plain)
    }

    @Test func `an empty file is an empty archive, other files are not archives`() throws {
        #expect(try TarReader(ByteSource(bytes: [], name: "x")).next() == nil)
        #expect(try !TarReader.canRead("/bin/true"))
        #expect(try !TarReader.canRead("/etc/hostname"))
    }
}
