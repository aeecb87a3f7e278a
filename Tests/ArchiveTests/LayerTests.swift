import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Archive

@Suite(needsRoot)
struct LayerTests {
    @Test func `a whiteout becomes a character device 0 0`() throws {
        try withScratchDirectory { root in
            try unpack([file("etc/.wh.passwd", "")], into: root)
            let whiteout = try #require(status(root.appending("etc/passwd")))
            #expect(whiteout.st_mode & S_IFMT == S_IFCHR)
            #expect(whiteout.st_rdev == 0)
        }
    }

    @Test func `an opaque marker becomes overlayfs's attribute`() throws {
        try withScratchDirectory { root in
            try unpack([file("etc/.wh..wh..opq", ""), file("etc/new", "n")], into: root)
            #expect(try attributes(root.appending("etc"))["trusted.overlay.opaque"] == [0x79])
            #expect(status(root.appending("etc/.wh..wh..opq")) == nil)
        }
    }

    @Test func `a whiteout does not hide entries of its own layer`() throws {
        try withScratchDirectory { root in
            try unpack(
                [
                    file("before", "1"), file(".wh.before", ""), file(".wh.after", ""),
                    file("after", "2"), file(".wh.d", ""), entry("d", .directory),
                    entry("e", .directory), file(".wh.e", ""),
                ],
                into: root
            )
            #expect(try contents(root.appending("before")) == "1")
            #expect(try contents(root.appending("after")) == "2")
            #expect(try attributes(root.appending("d"))["trusted.overlay.opaque"] == [0x79])
            #expect(try attributes(root.appending("e"))["trusted.overlay.opaque"] == [0x79])
        }
    }

    @Test func `whiteouts are ordinary files outside of layers`() throws {
        try withScratchDirectory { root in
            try unpack([file(".wh.x", "1")], into: root, whiteouts: .literal)
            #expect(try contents(root.appending(".wh.x")) == "1")
        }
    }

    @Test func `an upper directory survives conversion to a layer and back`() throws {
        try withScratchDirectory { scratch in
            let (upper, copy) = (scratch.appending("upper"), scratch.appending("copy"))
            try run("mkdir", "-p", upper.appending("opaque").string, copy.string)
            try run("mknod", upper.appending("gone").string, "c", "0", "0")
            try run("touch", upper.appending("opaque/file").string)
            let descriptor = unsafe open(upper.appending("opaque").string, O_RDONLY)
            try setAttribute("trusted.overlay.opaque", to: [0x79], on: descriptor, subject: "")
            try setAttribute("trusted.overlay.origin", to: [1, 2], on: descriptor, subject: "")
            try setAttribute("user.kept", to: [3], on: descriptor, subject: "")
            close(descriptor)

            let layer = try archive(upper, options: TreeOptions(kind: .overlayUpper))
            var names: [String] = []
            let reader = try TarReader(ByteSource(bytes: layer, name: "layer"))
            while let entry = try reader.next() { names.append(entry.path.string) }
            #expect(names == [".wh.gone", "opaque", "opaque/.wh..wh..opq", "opaque/file"])

            try TarReader(ByteSource(bytes: layer, name: "layer"))
                .extract(into: copy, options: ExtractionOptions(whiteouts: .overlay))
            #expect(status(copy.appending("gone")).map { $0.st_mode & S_IFMT } == S_IFCHR)
            #expect(
                try attributes(copy.appending("opaque"))
                    == ["trusted.overlay.opaque": [0x79], "user.kept": [3]]
            )
        }
    }

    @Test func `an upper directory with a redirect is refused`() throws {
        try withScratchDirectory { upper in
            try run("mkdir", upper.appending("d").string)
            let descriptor = unsafe open(upper.appending("d").string, O_RDONLY)
            try setAttribute("trusted.overlay.redirect", to: [0x2f], on: descriptor, subject: "")
            close(descriptor)
            let error = #expect(throws: ArchiveError.self) {
                try archive(upper, options: TreeOptions(kind: .overlayUpper))
            }
            #expect(error?.problem == .overlayFeature("trusted.overlay.redirect"))
        }
    }
}

func archive(_ directory: FilePath, options: TreeOptions = TreeOptions()) throws -> [UInt8] {
    var bytes: [UInt8] = []
    let writer = try TarWriter(name: "tree") { bytes += $0 }
    try writer.addTree(directory, options: options)
    try writer.finish()
    return bytes
}
