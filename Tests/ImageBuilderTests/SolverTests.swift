import Dockerfile
import ImageStore
import Linux
import OCI
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import ImageBuilder

struct SolverTests {
    @Test func `steps are executed after their inputs, and their layers are stacked`() async throws
    {
        try await withSession { session in
            var graph = Graph()
            let first = graph.add("/a", over: nil)
            let second = graph.add("/b", over: first)
            let third = graph.add("/b", over: second)
            let results = try await session.solve(graph.vertices)
            #expect(results[first.id]?.layers.count == 1)
            #expect(results[second.id]?.layers.count == 2)
            // The directory already exists, so there is no layer.
            #expect(results[third.id]?.layers == results[second.id]?.layers)
            #expect(session.events.withLock(\.self) == ["done 0", "done 1", "done 2"])
        }
    }

    @Test func `a repeated build takes every step from the cache unless the cache is disabled`()
        async throws
    {
        try await withSession { session in
            var graph = Graph()
            _ = graph.add("/a", over: nil)
            let before = try await session.solve(graph.vertices)
            let after = try await session.solve(graph.vertices)
            #expect(before[0]?.layers == after[0]?.layers)
            var fresh = Graph()
            _ = fresh.add("/a", over: nil, ignoresCache: true)
            _ = try await session.solve(fresh.vertices)
            #expect(session.events.withLock(\.self) == ["done 0", "cached 0", "done 0"])
        }
    }

    @Test func `an error names its step and stops the steps that depend on it`() async throws {
        try await withSession { session in
            var graph = Graph()
            let good = graph.add("/a", over: nil)
            let bad = graph.add(.run(.unknownUser), over: good, name: "RUN as nobody")
            _ = graph.add("/b", over: bad)
            let error = await #expect(throws: BuildError.self) {
                try await session.solve(graph.vertices)
            }
            #expect(error?.step == "RUN as nobody")
            #expect(error?.reason.contains("no-such-user") == true)
            #expect(session.events.withLock(\.self) == ["done 0", "failed 1"])
        }
    }

    @Test func `a cancelled build performs no step`() async throws {
        try await withSession { session in
            var graph = Graph()
            _ = graph.add("/a", over: nil)
            session.session.cancellation.cancel()
            let error = await #expect(throws: BuildError.self) {
                try await session.solve(graph.vertices)
            }
            #expect(error?.reason == "the build was cancelled")
            #expect(session.events.withLock(\.self) == ["failed 0"])
        }
    }

    /// A build session that records its events.
    private final class Recorder: Sendable {
        let session: BuildSession
        let store: ImageStore
        let events = Mutex<[String]>([])

        init(in scratch: FilePath) throws {
            store = try ImageStore(root: scratch.appending("data"))
            session = try BuildSession(
                store: store,
                cache: scratch.appending("cache"),
                work: scratch.appending("build"),
                networks: scratch.appending("networks")
            )
        }

        func solve(_ vertices: [Vertex]) async throws -> [Int: StepResult] {
            let report: BuildProgress = { event in
                switch event {
                case .done(.step(let id), _): self.events.withLock { $0.append("done \(id)") }
                case .cached(.step(let id)): self.events.withLock { $0.append("cached \(id)") }
                case .failed(.step(let id), _): self.events.withLock { $0.append("failed \(id)") }
                default: break
                }
            }
            let environment = StepEnvironment(executable: "/nonexistent", networks: "/nonexistent")
            return try await Solver(
                executor: session.executor(store: store, environment: environment, report: report),
                cancellation: session.cancellation,
                report: report,
                width: 4
            ).solve(vertices)
        }
    }

    private func withSession(_ body: (Recorder) async throws -> Void) async throws {
        try await withScratchDirectory { scratch in
            let recorder = try Recorder(in: scratch)
            try await body(recorder)
            try await recorder.session.close()
        }
    }
}

extension Graph {
    fileprivate mutating func add(
        _ path: String,
        over parent: Vertex?,
        ignoresCache: Bool = false
    ) -> Vertex {
        add(
            .workingDirectory(DirectoryStep(path: path, user: "")),
            over: parent,
            name: "WORKDIR \(path)",
            origin: nil,
            ignoresCache: ignoresCache
        )
    }

    fileprivate mutating func add(
        _ operation: Operation,
        over parent: Vertex?,
        name: String
    ) -> Vertex {
        add(operation, over: parent, name: name, origin: nil, ignoresCache: false)
    }
}

extension RunStep {
    fileprivate static var unknownUser: RunStep {
        var step = RunStep.example
        step.user = "no-such-user"
        return step
    }
}
