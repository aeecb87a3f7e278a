import Linux
import SystemPackage
import TestSupport
import Testing

struct FileSystemTests {
    @Test func `an atomic file has its content and mode and leaves nothing beside it`() throws {
        try withScratchDirectory { directory in
            let file = directory.appending("state.json")
            try AtomicFile.write(Array("old".utf8), to: file)
            try AtomicFile.write(Array("new".utf8), to: file, mode: 0o666)
            #expect(try FileSystem.readText(file) == "new")
            #expect(try FileSystem.status(of: file).mode == 0o666)
            #expect(try FileSystem.entries(of: directory) == ["state.json"])
        }
    }

    @Test func `a failed atomic write says where and leaves the directory as it was`() throws {
        try withScratchDirectory { directory in
            let target = directory.appending("taken")
            try FileSystem.makeDirectories(target.appending("full"))
            let error = #expect(throws: SystemCallError.self) {
                try AtomicFile.write([1], to: target)
            }
            #expect(error?.call == "rename")
            #expect(try FileSystem.entries(of: directory) == ["taken"])
        }
    }

    @Test func `directories are made with their parents, and again`() throws {
        try withScratchDirectory { directory in
            let deep = directory.appending("a/b/c")
            try FileSystem.makeDirectories(deep)
            try FileSystem.makeDirectories(deep)
            #expect(try FileSystem.status(of: deep).kind == .directory)
        }
    }

    @Test func `a file in the way of a directory is refused`() throws {
        try withScratchDirectory { directory in
            try AtomicFile.write([], to: directory.appending("file"))
            #expect(throws: SystemCallError.self) {
                try FileSystem.makeDirectories(directory.appending("file/below"))
            }
        }
    }

    @Test func `removing a tree follows no link and takes every kind of file`() throws {
        try withScratchDirectory { directory in
            let (kept, tree) = (directory.appending("kept"), directory.appending("tree"))
            try FileSystem.makeDirectories(kept)
            try AtomicFile.write([1], to: kept.appending("file"))
            try FileSystem.makeDirectories(tree.appending("below"))
            try FileSystem.makeSymbolicLink(tree.appending("below/link"), to: kept)
            try FileSystem.makeFIFO(tree.appending("fifo"))
            try FileSystem.removeTree(tree)
            try FileSystem.removeTree(tree)
            #expect(try FileSystem.entries(of: directory) == ["kept"])
            #expect(try FileSystem.entries(of: kept) == ["file"])
        }
    }

    @Test func `a tree deeper than there are descriptors is removed`() throws {
        try withScratchDirectory { directory in
            var path = directory.appending("deep")
            try FileSystem.makeDirectory(path)
            for level in 0..<300 {
                path.append("level\(level)")
                try FileSystem.makeDirectory(path)
            }
            try FileSystem.removeTree(directory.appending("deep"))
            #expect(!FileSystem.exists(directory.appending("deep")))
        }
    }

    @Test func `a link is told from what it leads to`() throws {
        try withScratchDirectory { directory in
            let link = directory.appending("link")
            try FileSystem.makeSymbolicLink(link, to: "nowhere")
            #expect(FileSystem.exists(link))
            #expect(try FileSystem.status(of: link, followingLink: false).kind == .symbolicLink)
            #expect(try FileSystem.readSymbolicLink(link) == "nowhere")
            #expect(throws: SystemCallError.self) { try FileSystem.status(of: link) }
        }
    }
}
