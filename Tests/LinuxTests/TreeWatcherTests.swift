import Linux
import SystemPackage
import TestSupport
import Testing

/// Changes of a tree that are reported.
struct TreeWatcherTests {
    @Test func `created, changed and removed files and directories are reported`() throws {
        try withTree { tree, watcher in
            try tree.write("a", "1")
            #expect(try watcher.changes() == [tree.path("a")])
            try tree.write("a", "2")
            #expect(try watcher.changes() == [tree.path("a")])
            try FileSystem.setMode(of: tree.path("a"), to: 0o700)
            #expect(try watcher.changes() == [tree.path("a")])
            try FileSystem.makeDirectories(tree.path("d/e"))
            try tree.write("d/e/f", "1")
            #expect(
                try watcher.changes() == [tree.path("d"), tree.path("d/e"), tree.path("d/e/f")]
            )
            try tree.write("d/e/f", "2")
            #expect(try watcher.changes() == [tree.path("d/e/f")])
            try FileSystem.removeTree(tree.path("d"))
            #expect(
                try watcher.changes() == [tree.path("d"), tree.path("d/e"), tree.path("d/e/f")]
            )
            #expect(try watcher.changes() == [])
        }
    }

    @Test func `a file saved by renaming is reported, a short-lived one is not`() throws {
        try withTree(["a": "1"]) { tree, watcher in
            try tree.write(".a.swp", "2")
            try FileSystem.rename(tree.path(".a.swp"), to: tree.path("a"))
            try tree.write("4913", "")
            try FileSystem.removeFile(tree.path("4913"))
            #expect(try watcher.changes() == [tree.path("a")])
        }
    }

    @Test func `opening for writing and closing is not a change`() throws {
        try withTree(["a": "1"]) { tree, watcher in
            _ = try Descriptor.open(tree.path("a"), .readingAndWriting)
            _ = try FileSystem.readText(tree.path("a"))
            #expect(try watcher.changes() == [])
        }
    }

    @Test func `moving a directory in or out reports all of its files`()
        throws
    {
        try withTree(["d/e/f": "1", "g": "1"]) { tree, watcher in
            try FileSystem.rename(tree.path("d"), to: tree.path("moved"))
            let (old, new) = (["d", "d/e", "d/e/f"], ["moved", "moved/e", "moved/e/f"])
            #expect(try watcher.changes() == Set((old + new).map(tree.path)))
            try tree.write("moved/e/f", "2")
            #expect(try watcher.changes() == [tree.path("moved/e/f")])

            let outside = tree.root.removingLastComponent().appending("outside")
            try FileSystem.rename(tree.path("moved"), to: outside)
            #expect(try watcher.changes() == Set(new.map(tree.path)))
            try AtomicFile.write([1], to: outside.appending("e/f"))
            #expect(try watcher.changes() == [])
            try FileSystem.rename(outside, to: tree.path("d"))
            #expect(try watcher.changes() == Set(old.map(tree.path)))
        }
    }

    @Test func `a directory that replaces another is scanned`() throws {
        try withTree(["d/old": "1", "x/new": "1"]) { tree, watcher in
            try FileSystem.rename(tree.path("d"), to: tree.path("gone"))
            try FileSystem.rename(tree.path("x"), to: tree.path("d"))
            let changed = try watcher.changes()
            #expect(changed.isSuperset(of: ["d/old", "d/new", "d", "x", "x/new"].map(tree.path)))
            try tree.write("d/new", "2")
            #expect(try watcher.changes() == [tree.path("d/new")])
        }
    }

    @Test func `symbolic links are reported and not followed`() throws {
        try withTree { tree, watcher in
            let outside = tree.root.removingLastComponent().appending("outside")
            try FileSystem.makeDirectory(outside)
            try FileSystem.makeSymbolicLink(tree.path("link"), to: outside)
            #expect(try watcher.changes() == [tree.path("link")])
            try AtomicFile.write([1], to: outside.appending("file"))
            #expect(try watcher.changes() == [])
        }
    }

    @Test func `a root and its ancestors may be missing, removed and created again`() throws {
        try withScratchDirectory { scratch in
            let root = scratch.appending("far/away/root")
            let watcher = try TreeWatcher([root])
            try FileSystem.makeDirectories(root)
            try AtomicFile.write([1], to: root.appending("file"))
            #expect(try watcher.changes() == [root, root.appending("file")])
            for _ in 1...2 {
                try FileSystem.removeTree(scratch.appending("far"))
                #expect(try watcher.changes() == [root, root.appending("file")])
                try FileSystem.makeDirectories(root)
                try AtomicFile.write([1], to: root.appending("file"))
                #expect(try watcher.changes() == [root, root.appending("file")])
            }
        }
    }

    @Test func `a root may be a file, and its siblings are not reported`() throws {
        try withScratchDirectory { scratch in
            let root = scratch.appending("site.conf")
            try AtomicFile.write([1], to: root)
            let watcher = try TreeWatcher([root])
            try AtomicFile.write([2], to: scratch.appending("other.conf"))
            #expect(try watcher.changes() == [])
            try AtomicFile.write([2], to: root)
            #expect(try watcher.changes() == [root])
            try FileSystem.removeFile(root)
            #expect(try watcher.changes() == [root])
        }
    }

    @Test func `directories that are left out are not watched, unless another root lies there`()
        throws
    {
        try withScratchDirectory { scratch in
            let inner = scratch.appending("skipped/inner")
            try FileSystem.makeDirectories(inner)
            let watcher = try TreeWatcher([scratch, inner]) { $0.lastComponent == "skipped" }
            try AtomicFile.write([1], to: scratch.appending("skipped/file"))
            #expect(try watcher.changes() == [])
            try AtomicFile.write([1], to: inner.appending("file"))
            #expect(try watcher.changes() == [inner.appending("file")])
        }
    }

    @Test func `changes are found even if the kernel dropped events`() throws {
        try withTree(["gone": "1", "kept": "1", "d/changed": "1"]) { tree, watcher in
            let queue = try #require(
                Int(
                    try FileSystem.readText("/proc/sys/fs/inotify/max_queued_events")
                        .prefix { $0 != "\n" }
                )
            )
            // Alternating, because the kernel merges equal consecutive events.
            let (kept, changing) = (tree.path("kept"), tree.path("d/changed"))
            for _ in 0...queue / 2 {
                try FileSystem.setMode(of: kept, to: 0o600)
                try FileSystem.setMode(of: changing, to: 0o600)
            }
            try FileSystem.removeFile(tree.path("gone"))
            try tree.write("d/changed", "longer")
            try FileSystem.makeDirectories(tree.path("new"))
            try tree.write("new/file", "1")
            let changed = try watcher.changes()
            #expect(
                changed.isSuperset(of: ["gone", "d/changed", "new", "new/file"].map(tree.path))
            )
            try tree.write("new/file", "2")
            #expect(try watcher.changes() == [tree.path("new/file")])
        }
    }

    @Test func `no file is missed in directories that are being created`() throws {
        try withTree { tree, watcher in
            let program = try ChildProgram.start(
                "/bin/sh",
                arguments: [
                    "-c", "for i in $(seq 200); do mkdir -p $0/$i/a/b; echo $i > $0/$i/a/b/f; done",
                    tree.root.string,
                ],
                environment: ["PATH=/usr/bin:/bin"],
                input: Descriptor.open("/dev/null"),
                output: Descriptor.open("/dev/null", .writing),
                error: Descriptor.open("/dev/null", .writing)
            )
            var seen: Set<FilePath> = []
            while program.isRunning() { seen.formUnion(try watcher.changes()) }
            #expect(try program.wait() == .exited(0))
            seen.formUnion(try watcher.changes())
            #expect(seen.isSuperset(of: (1...200).map { tree.path("\($0)/a/b/f") }))
        }
    }

    private struct Tree {
        let root: FilePath
        func path(_ name: String) -> FilePath { root.appending(name) }

        func write(_ name: String, _ text: String) throws {
            let options: OpenOptions = [.writing, .creating, .truncating]
            try Descriptor.open(path(name), options).write(Array(text.utf8))
        }
    }

    /// Calls `body` with a tree of these files and its watcher.
    private func withTree(
        _ files: [String: String] = [:],
        _ body: (Tree, TreeWatcher) throws -> Void
    ) throws {
        try withScratchDirectory { scratch in
            let tree = Tree(root: scratch.appending("tree"))
            try FileSystem.makeDirectory(tree.root)
            for (name, text) in files {
                try FileSystem.makeDirectories(tree.path(name).removingLastComponent())
                try tree.write(name, text)
            }
            try body(tree, try TreeWatcher([tree.root]))
        }
    }
}
