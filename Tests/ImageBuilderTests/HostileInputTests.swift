import Dockerfile
import ImageStore
import Linux
import OCI
import SystemPackage
import TestSupport
import Testing

@testable import ImageBuilder

struct HostileInputTests {
    @Test(.timeLimit(.minutes(1)), arguments: [".dockerignore", "Dockerfile.dockerignore"])
    func `an ignore file that is a FIFO does not hold up the build`(name: String) async throws {
        try await withScratchDirectory { scratch in
            try writeFiles(["c/Dockerfile": "FROM scratch\nCOPY a /a", "c/a": ""], in: scratch)
            let folder = try Descriptor.open(scratch.appending("c"), .directory)
            let entry = try #require(FilePath.Component(name))
            try folder.makeNode(entry: entry, .fifo)
            let error = await #expect(throws: BuildError.self) { try await build(in: scratch) }
            #expect(error?.reason.contains(name) == true, "\(error as Any)")
        }
    }

    @Test(.timeLimit(.minutes(1))) func `an ignore file without end is not read`() async throws {
        try await withScratchDirectory { scratch in
            let files = ["c/Dockerfile": "FROM scratch", "c/.dockerignore": "-> /dev/zero"]
            try writeFiles(files, in: scratch)
            let error = await #expect(throws: BuildError.self) { try await build(in: scratch) }
            #expect(error?.reason.contains(".dockerignore") == true, "\(error as Any)")
        }
    }

    @Test func `links of a context lead into the context only`() async throws {
        try await withScratchDirectory { scratch in
            let dockerfile = "FROM scratch\nCOPY up /up\nCOPY dir/ /dir/"
            let files = [
                "secret": "outside", "c/Dockerfile": dockerfile, "c/up": "-> ../secret",
                "c/secret": "inside", "c/dir/absolute": "-> /etc/passwd",
            ]
            try writeFiles(files, in: scratch)
            let image = try await build(in: scratch)
            let store = try ImageStore(root: scratch.appending("data"))
            let tree = try LayeredTree(store.lowerDirectories(of: image.layers))
            #expect(try tree.content(of: "/up") == Array("inside".utf8))
            #expect(
                try tree.resolve("/dir/absolute", followingLast: false).found?.kind == .symbolicLink
            )
        }
    }

    @Test(arguments: [Duration.seconds(Int64.min / 4), .seconds(1 << 33)])
    func `a file with an impossible time does not end the program`(time: Duration) throws {
        try withScratchDirectory { scratch in
            try writeFiles(["a": "1"], in: scratch)
            let folder = try Descriptor.open(scratch, .directory)
            // Not every file system can store the time.
            try? folder.setTime(ofEntry: "a", to: time)
            let cache = DigestCache(file: scratch.appending("digests"), now: .seconds(1 << 40))
            let tree = try LayeredTree([scratch])
            let entry = try #require(try tree.entry("/a"))
            let digest = try cache.digest(of: entry)
            try cache.save()
            let reopened = DigestCache(file: scratch.appending("digests"), now: .zero)
            #expect(try reopened.digest(of: entry) == digest)
        }
    }

    @Test func `a tree deeper than any path is refused`() throws {
        try withScratchDirectory { scratch in
            var folder = OpenDirectory(try Descriptor.open(scratch, .directory))
            for _ in 0...TreeWalk.depthLimit {
                try folder.descriptor.makeDirectory(entry: "d")
                folder = OpenDirectory(try folder.descriptor.open(entry: "d", .directory))
            }
            // The walk keeps a directory per level open, as in a build.
            let (soft, hard) = try ResourceLimit.nofile.get()
            if soft < 65_536 { try ResourceLimit.nofile.set(soft: min(hard, 65_536), hard: hard) }
            let tree = try LayeredTree([scratch])
            let error = #expect(throws: SystemCallError.self) {
                try TreeWalk(tree: tree).visitContents(
                    of: tree.root,
                    TreeWalk.Visitor<SystemCallError>(
                        enter: { _ throws(SystemCallError) in },
                        leave: { _ throws(SystemCallError) in }
                    ),
                    reading: { $0 }
                )
            }
            #expect(error?.reason == .fileNameTooLong)
        }
    }

    @Test(arguments: [
        "https://x/a%00b", "https://x/%2e%2e", "https://x/", "https://x", "https://x/a%2fb",
        "https://x/.",
    ])
    func `a URL does not choose a path outside its directory`(url: String) {
        let name = RemoteAddress.fileName(of: url)
        #expect(name == "__unnamed__")
    }

    private func build(in scratch: FilePath) async throws(BuildError) -> Image {
        let store: ImageStore
        do { store = try ImageStore(root: scratch.appending("data")) } catch {
            throw BuildError(.store(error))
        }
        let builder = ImageBuilder(
            store: store,
            data: scratch.appending("data"),
            environment: StepEnvironment(executable: "/nonexistent", networks: "/nonexistent")
        )
        let request = BuildRequest(context: scratch.appending("c"))
        let images = try await builder.build([request]) { _ in }
        return images[0]
    }
}
