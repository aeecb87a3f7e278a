import Dockerfile
import ImageStore
import Linux
import OCI
import SystemPackage
import TestSupport
import Testing

@testable import ImageBuilder

struct CompilationTests {
    @Test func `instructions become steps with names, and settings of the image`() async throws {
        try await withScratchDirectory { scratch in
            let text = """
                FROM scratch AS base
                ARG NAME=world
                ENV GREETING="hello $NAME"
                WORKDIR /app
                RUN echo $GREETING
                EXPOSE 80
                FROM base
                COPY --from=base /app /copy
                USER 7
                """
            let (compilation, state) = try await compile(text, in: scratch)
            #expect(
                compilation.graph.vertices.map(\.name) == [
                    "[base 2/3] WORKDIR /app", "[base 3/3] RUN echo $GREETING",
                    "[stage-1 2/2] COPY --from=base /app /copy",
                ]
            )
            #expect(state.config.user == "7")
            #expect(state.config.exposedPorts == ["80/tcp"])
            #expect(state.config.workingDir == "/app")
            #expect(state.config.env.contains("GREETING=hello world"))
            guard case .run(let run) = compilation.graph.vertices[1].operation else {
                Issue.record("the second step is not RUN")
                return
            }
            #expect(run.arguments == ["/bin/sh", "-c", "echo $GREETING"])
            #expect(run.environment.contains("NAME=world"))
        }
    }

    @Test func `only stages that the target needs are compiled`() async throws {
        try await withScratchDirectory { scratch in
            let text = "FROM missing AS a\nRUN x\nFROM scratch AS b\nWORKDIR /w\nFROM a\nRUN y"
            let (compilation, _) = try await compile(text, in: scratch, target: "b")
            #expect(compilation.graph.vertices.map(\.name) == ["[b 2/2] WORKDIR /w"])
        }
    }

    @Test func `the command of a base stage is not inherited past an entrypoint`() async throws {
        try await withScratchDirectory { scratch in
            let text = "FROM scratch AS a\nCMD [\"x\"]\nFROM a\nENTRYPOINT [\"y\"]"
            let (_, state) = try await compile(text, in: scratch)
            #expect(state.config.cmd == nil)
            #expect(state.config.entrypoint == ["y"])
        }
    }

    @Test(arguments: [
        ("FROM b AS a\nFROM a AS b", "missing base"),
        ("FROM scratch AS a\nCOPY --from=b x /\nFROM a AS b", "earlier stages"),
        ("FROM scratch\nRUN --network=host x", "network.host is not allowed"),
        ("FROM scratch\nRUN --security=insecure x", "security.insecure"),
    ])
    func `a stage that cannot be built is an error`(text: String, reason: String?) async throws {
        try await withScratchDirectory { scratch in
            do {
                _ = try await compile(text, in: scratch)
                #expect(reason == nil)
            } catch let error as BuildError {
                #expect(reason.map(error.description.contains) == true, "\(error)")
            }
        }
    }

    @Test func `a build argument overrides the default and reaches FROM`() async throws {
        try await withScratchDirectory { scratch in
            let text = "ARG BASE=missing\nFROM $BASE\nARG V=1\nLABEL v=$V"
            let (_, state) = try await compile(
                text,
                in: scratch,
                arguments: ["BASE": "scratch", "V": "2"]
            )
            #expect(state.config.labels == ["v": "2"])
        }
    }

    private func compile(
        _ text: String,
        in scratch: FilePath,
        target: String? = nil,
        arguments: [String: String] = [:]
    ) async throws -> (Compilation, StageState) {
        var request = BuildRequest(context: scratch)
        request.recipe = .inline(text)
        request.target = target
        request.arguments = arguments
        let compilation = Compilation(
            [request],
            images: { name, _, _ throws(BuildError) in
                throw BuildError(.missingImage(name, remedy: "missing base"))
            },
            makeContext: { path, ignored throws(BuildError) in
                let digests = DigestCache(file: path.appending("digests"), now: .zero)
                return try BuildContext(path: path, ignoring: ignored, digests: digests)
            },
            remotes: nil,
            time: Timestamp(seconds: 0, nanoseconds: 0),
            notice: { _ in }
        )
        return (compilation, try await compilation.result(of: 0))
    }
}
