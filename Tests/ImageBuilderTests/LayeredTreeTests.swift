import Dockerfile
import Linux
import SystemPackage
import TestSupport
import Testing

@testable import ImageBuilder

struct LayeredTreeTests {
    @Test func `the topmost layer wins, and directories of several layers are merged`() async throws
    {
        try withScratchDirectory { scratch in
            try writeFiles(
                ["low/a": "old", "low/d/x": "x", "top/a": "new", "top/d/y": "y"],
                in: scratch
            )
            let tree = try tree(["top", "low"], in: scratch)
            #expect(try text("/a", in: tree) == "new")
            let folder = try #require(try tree.entry("/d"))
            #expect(try tree.children(of: folder).map(\.text) == ["/d/x", "/d/y"])
        }
    }

    @Test func `whiteouts and opaque directories hide lower layers`() async throws {
        try withScratchDirectory { scratch in
            try writeFiles(["low/a": "1", "low/d/x": "x", "top/d/y": "y"], in: scratch)
            let top = try Descriptor.open(scratch.appending("top"), .directory)
            try top.makeNode(entry: "a", .characterDevice)
            let folder = try top.open(entry: "d", .directory)
            try folder.setExtendedAttribute("trusted.overlay.opaque", to: Array("y".utf8))
            let tree = try tree(["top", "low"], in: scratch)
            #expect(try tree.entry("/a") == nil)
            #expect(try tree.entry("/d/x") == nil)
            #expect(try text("/d/y", in: tree) == "y")
        }
    }

    @Test(arguments: [
        ("/up", "in"), ("/absolute", "in"), ("/chain", "in"), ("/../../d/f", "in"),
        ("/d/../d/./f", "in"),
    ])
    func `links and dots stay inside the tree`(path: String, expected: String) async throws {
        try withScratchDirectory { scratch in
            let files = [
                "t/d/f": "in", "t/up": "-> ../../../d/f", "t/absolute": "-> /d/f",
                "t/chain": "-> up", "t/loop": "-> loop",
            ]
            try writeFiles(files, in: scratch)
            let tree = try tree(["t"], in: scratch)
            #expect(try text(FilePath(path), in: tree) == expected)
            let error = #expect(throws: SystemCallError.self) { try tree.entry("/loop") }
            #expect(error?.reason == .tooManySymbolicLinkLevels)
        }
    }

    @Test func `resolving a path returns its missing components`() async throws {
        try withScratchDirectory { scratch in
            try writeFiles(["t/real/": "", "t/link": "-> /real/new"], in: scratch)
            let resolution = try tree(["t"], in: scratch).resolve("/link/more")
            #expect(resolution.entry.text == "/real")
            #expect(resolution.missing.map(\.string) == ["new", "more"])
        }
    }

    @Test func `ignored files are hidden unless an exception includes them`() async throws {
        try withScratchDirectory { scratch in
            try writeFiles(
                ["t/a": "", "t/d/keep": "", "t/d/drop": "", "t/e/drop": ""],
                in: scratch
            )
            let patterns = try IgnorePatterns(parsing: "*\n!d/keep", file: "f")
            let tree = try LayeredTree([scratch.appending("t")], ignoring: patterns)
            #expect(try tree.children(of: tree.root).map(\.text) == ["/d"])
            let folder = try #require(try tree.entry("/d"))
            #expect(try tree.children(of: folder).map(\.text) == ["/d/keep"])
        }
    }

    @Test(arguments: [
        ("*.txt", ["/a.txt"]), ("d/*", ["/d/x", "/d/y.txt"]), ("*/*.txt", ["/d/y.txt"]),
        ("*.none", []), ("../a.txt", ["/a.txt"]), ("l*", ["/a.txt"]),
    ])
    func `a wildcard matches entries and follows links`(
        pattern: String,
        found: [String]
    ) async throws {
        try withScratchDirectory { scratch in
            let files = ["t/a.txt": "", "t/d/x": "", "t/d/y.txt": "", "t/link": "-> a.txt"]
            try writeFiles(files, in: scratch)
            let matches = try tree(["t"], in: scratch).matches(pattern)
            #expect(matches?.map(\.entry.text) == found)
        }
    }

    @Test func `a missing plain source has no matches`() async throws {
        try withScratchDirectory { scratch in
            try writeFiles(["t/a": ""], in: scratch)
            #expect(try tree(["t"], in: scratch).matches("b") == nil)
        }
    }

    private func tree(_ names: [String], in scratch: FilePath) throws -> LayeredTree {
        try LayeredTree(names.map { scratch.appending($0) })
    }

    private func text(_ path: FilePath, in tree: LayeredTree) throws -> String? {
        try tree.content(of: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
