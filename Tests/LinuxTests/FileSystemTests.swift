import Linux
import SystemPackage
import TestSupport
import Testing

struct FileSystemTests {
    @Test func `an atomic write sets content and mode and leaves no temporary file`() throws {
        try withScratchDirectory { directory in
            let file = directory.appending("state.json")
            try AtomicFile.write(Array("old".utf8), to: file)
            try AtomicFile.write(Array("new".utf8), to: file, mode: 0o666)
            #expect(try FileSystem.readText(file) == "new")
            #expect(try FileSystem.status(of: file).mode == 0o666)
            #expect(try FileSystem.entries(of: directory) == ["state.json"])
        }
    }

    @Test func `a failed atomic write names the call and leaves the directory unchanged`() throws {
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

    @Test func `directories are created with their parents, repeatedly`() throws {
        try withScratchDirectory { directory in
            let deep = directory.appending("a/b/c")
            try FileSystem.makeDirectories(deep)
            try FileSystem.makeDirectories(deep)
            #expect(try FileSystem.status(of: deep).kind == .directory)
        }
    }

    @Test func `a directory cannot be created in place of a file`() throws {
        try withScratchDirectory { directory in
            try AtomicFile.write([], to: directory.appending("file"))
            let error = #expect(throws: SystemCallError.self) {
                try FileSystem.makeDirectories(directory.appending("file/below"))
            }
            #expect(error?.reason == .notDirectory)
        }
    }

    @Test func `removing a tree follows no symbolic link and removes all kinds of files`() throws {
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

    @Test func `a tree is removed although another thread adds files`() async throws {
        let directory = FilePath("/tmp/removal-\(UInt64.random(in: .min ... .max))")
        let tree = directory.appending("tree/below")
        try FileSystem.makeDirectories(tree)
        async let added: Int = BackgroundThread.run {
            var count = 0
            // Fails once the directory is removed.
            while count < 100_000,
                (try? Descriptor.open(tree.appending("\(count)"), [.writing, .creating])) != nil
            {
                count += 1
            }
            return count
        }
        while try FileSystem.entries(of: tree).isEmpty { await Task.yield() }
        try FileSystem.removeTree(directory)
        #expect(!FileSystem.exists(directory))
        #expect(try await added > 0)
    }

    @Test func `a tree deeper than the limit on descriptors is removed`() throws {
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

    @Test func `a symbolic link is distinguished from its target`() throws {
        try withScratchDirectory { directory in
            let link = directory.appending("link")
            try FileSystem.makeSymbolicLink(link, to: "nowhere")
            #expect(FileSystem.exists(link))
            #expect(try FileSystem.status(of: link, followingLink: false).kind == .symbolicLink)
            #expect(try FileSystem.readSymbolicLink(link) == "nowhere")
            let error = #expect(throws: SystemCallError.self) { try FileSystem.status(of: link) }
            #expect(error?.reason == .noSuchFileOrDirectory)
        }
    }
}
