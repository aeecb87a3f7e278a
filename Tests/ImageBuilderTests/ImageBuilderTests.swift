import ImageStore
import Linux
import OCI
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import ImageBuilder

struct ImageBuilderTests {
    @Test func `an image can be built from files without running a container`() async throws {
        try await withScratchDirectory { scratch in
            let image = try await build(
                "FROM scratch\nCOPY a d /x/\nCOPY <<E /e\nin\nE\nWORKDIR /w\nCMD [\"x\"]\nLABEL a=b",
                ["a": "1", "d/f": "2"],
                in: scratch
            )
            #expect(image.configuration.config.cmd == ["x"])
            #expect(image.configuration.config.labels == ["a": "b"])
            #expect(image.configuration.config.workingDir == "/w")
            #expect(image.layers.count == 3)
            let tree = try LayeredTree(store(scratch).lowerDirectories(of: image))
            #expect(try tree.content(of: "/x/f") == Array("2".utf8))
            #expect(try tree.content(of: "/e") == Array("in\n".utf8))
            #expect(try tree.entry("/w")?.mode == 0o755)
        }
    }

    @Test func `equal steps of two requests run once, and later builds use the cache`()
        async throws
    {
        try await withScratchDirectory { scratch in
            let text = "FROM scratch\nCOPY a /a"
            let first = try request(text, ["a": "1"], in: scratch)
            let events = Mutex<[String]>([])
            let builder = try builder(scratch)
            let note: @Sendable (BuildEvent) -> Void = { event in
                switch event {
                case .cached: events.withLock { $0.append("cached") }
                case .done(.step, _): events.withLock { $0.append("done") }
                default: break
                }
            }
            let images = try await builder.build([first, first], progress: note)
            #expect(images[0].layers == images[1].layers)
            let again = try await builder.build([first], progress: note)
            #expect(again[0].layers == images[0].layers)
            #expect(events.withLock { $0 } == ["done", "cached"])
            let stacks = try BuildCache(store: store(scratch), data: scratch.appending("data"))
                .stacks()
            #expect(stacks == Set(images[0].chain))
        }
    }

    @Test func `a stage that the target does not need is skipped`() async throws {
        try await withScratchDirectory { scratch in
            let text =
                "FROM nowhere AS a\nFROM scratch AS b\nCOPY a /a\nFROM scratch\nCOPY --from=b /a /b"
            let image = try await build(text, ["a": "1"], in: scratch)
            let tree = try LayeredTree(store(scratch).lowerDirectories(of: image))
            #expect(try tree.content(of: "/b") == Array("1".utf8))
        }
    }

    @Test(arguments: [
        ("FROM scratch\nCOPY nothere /x", "nothere"), ("FROM nowhere/at:all", "image pull"),
        ("FROM scratch\nADD git@x.example:y.git /", "Dockerfile:2:1: ADD"),
        ("FROM scratch\nADD https://x.example/y.git#main /", "Dockerfile:2:1: ADD"),
        ("FROM scratch\nADD --keep-git-dir a /", "--keep-git-dir"),
        ("FROM scratch\nADD --checksum=sha256:0 a /", "applies to a single URL"),
        ("FROM scratch\nADD --checksum=sha256:0 https://x/a /", "64 hexadecimal digits"),
        ("FROM scratch\nADD https://x/a b /", "one instruction for each"),
        ("FROM scratch\nADD https://x/missing /", "https://x/missing: nothing is there"),
        (
            "FROM scratch\nADD --checksum=sha256:\(String(repeating: "0", count: 64)) https://x/a /",
            "digest mismatch sha256:ca978112"
        ),
        ("FROM scratch\nRUN --security=insecure x", "security.insecure"),
        ("FROM scratch\nRUN --network=host x", "network.host"),
        ("FROM scratch\nCOPY --from=2 /x /x", "earlier stages"),
        ("FROM $NONE", "blank"), ("FROM scratch\nEXPOSE x", ">>> EXPOSE x"),
    ])
    func `an error shows the lines of the Dockerfile and a remedy`(
        text: String,
        words: String
    ) async throws {
        try await withScratchDirectory { scratch in
            let error = await #expect(throws: BuildError.self) {
                try await build(text, [:], in: scratch)
            }
            #expect(error?.description.contains(words) == true, "\(error as Any)")
            let leftovers = try FileSystem.entries(of: scratch.appending("data/build"))
            #expect(leftovers.isEmpty)
        }
    }

    @Test func `a URL is downloaded once per build, and the file is added unchanged`()
        async throws
    {
        try await withScratchDirectory { scratch in
            let digest = Digest.sha256(of: Array("a".utf8))
            let text = """
                FROM scratch
                ARG HOST=https://x
                ADD --checksum=\(digest) $HOST/sub/a?query=1 /one/
                ADD --chmod=755 --chown=7 $HOST/a /two
                ADD $HOST/sub/a?query=1 $HOST/a $HOST/%5Bodd%5D* /three/
                """
            let image = try await build(text, [:], in: scratch)
            let tree = try LayeredTree(store(scratch).lowerDirectories(of: image))
            #expect(try tree.content(of: "/one/a") == Array("a".utf8))
            let one = try tree.entry("/one/a")
            #expect(one?.mode == 0o600 && one?.status?.owner == 0)
            #expect(one?.status?.modified == .seconds(1000))
            #expect(try tree.entry("/two")?.mode == 0o755)
            #expect(try tree.entry("/two")?.status?.owner == 7)
            #expect(try tree.content(of: "/three/[odd]*") == Array("a".utf8))
            #expect(try tree.content(of: "/three/a") == Array("a".utf8))
            let again = try await build(text, [:], in: scratch)
            #expect(again.layers == image.layers)
        }
    }

    @Test func `a changed context is read again by the next build`() async throws {
        try await withScratchDirectory { scratch in
            let text = "FROM scratch\nCOPY a /a"
            let first = try await build(text, ["a": "1"], in: scratch)
            let second = try await build(text, ["a": "2"], in: scratch)
            let third = try await build(text, ["a": "1"], in: scratch)
            #expect(first.layers != second.layers)
            #expect(first.layers == third.layers)
        }
    }

    @Test func `a build removes cache records beyond the limit, and then garbage`() async throws {
        try await withScratchDirectory { scratch in
            let collections = Mutex(0)
            let builder = ImageBuilder(
                store: try store(scratch),
                data: scratch.appending("data"),
                environment: StepEnvironment(executable: "/nonexistent", networks: "/nonexistent"),
                cacheLimit: CacheLimit(bytes: 0),
                collectGarbage: { collections.withLock { $0 += 1 } }
            )
            var request = try request("FROM scratch\nCOPY a /a", ["a": "1"], in: scratch)
            request.tags = [try ImageReference("tagged")]
            _ = try await builder.build([request]) { _ in }
            #expect(collections.withLock(\.self) == 0)
            request.recipe = .inline("FROM scratch\nCOPY a /b")
            let image = try await builder.build([request]) { _ in }
            #expect(collections.withLock(\.self) == 1)
            let cache = BuildCache(store: try store(scratch), data: scratch.appending("data"))
            #expect(try cache.stacks() == Set(image[0].chain))
        }
    }

    @Test func `a used record becomes the most recent one`() async throws {
        try await withScratchDirectory { scratch in
            let text = "FROM scratch\nCOPY a /a"
            _ = try await build(text, ["a": "1"], in: scratch)
            let steps = try StepCache(directory: scratch.appending("data/cache/steps"))
            let key = try #require(steps.entries.first?.key)
            let hex = key.hex
            let folder = scratch.appending("data/cache/steps/\(hex.prefix(2))")
            let name = try #require(FilePath.Component(String(hex.dropFirst(2))))
            try Descriptor.open(folder, .directory).setTime(ofEntry: name, to: .seconds(1))
            #expect(steps.entries.first?.used == .seconds(1))
            _ = try await build(text, ["a": "1"], in: scratch)
            #expect(try #require(steps.entries.first).used > .seconds(1))
        }
    }

    @Test func `the workspace of a killed build is removed by the next build`() async throws {
        try withScratchDirectory { scratch in
            try writeFiles(["build/dead/upper/f": "", "build/dead.lock": ""], in: scratch)
            let workspace = try Workspace(in: scratch.appending("build"))
            #expect(!FileSystem.exists(scratch.appending("build/dead")))
            workspace.remove()
            #expect(try FileSystem.entries(of: scratch.appending("build")).isEmpty)
        }
    }

    private func store(_ scratch: FilePath) throws -> ImageStore {
        try ImageStore(root: scratch.appending("data"))
    }

    private func builder(_ scratch: FilePath) throws -> ImageBuilder {
        ImageBuilder(
            store: try store(scratch),
            data: scratch.appending("data"),
            environment: StepEnvironment(
                executable: "/nonexistent",
                networks: scratch.appending("networks")
            ),
            fetch: { url, file in
                struct NothingThere: Error, CustomStringConvertible {
                    var description: String { "nothing is there" }
                }
                if url.hasSuffix("missing") { throw NothingThere() }
                try AtomicFile.write(Array("a".utf8), to: file)
                return .seconds(1000)
            }
        )
    }

    private func request(
        _ dockerfile: String,
        _ files: [String: String],
        in scratch: FilePath
    ) throws -> BuildRequest {
        let context = scratch.appending("context")
        try FileSystem.makeDirectories(context)
        try writeFiles(files, in: context)
        var request = BuildRequest(context: context)
        request.recipe = .inline(dockerfile)
        return request
    }

    private func build(
        _ dockerfile: String,
        _ files: [String: String],
        in scratch: FilePath,
        target: String? = nil
    ) async throws -> Image {
        var request = try request(dockerfile, files, in: scratch)
        request.target = target
        let images = try await builder(scratch).build([request]) { _ in }
        return try #require(images.first)
    }
}
