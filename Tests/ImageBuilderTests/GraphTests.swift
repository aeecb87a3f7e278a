import Dockerfile
import Linux
import SystemPackage
import TestSupport
import Testing

@testable import ImageBuilder

struct GraphTests {
    @Test func `equal steps are one vertex, whatever their name and origin`() {
        var graph = Graph()
        let first = graph.add(directory("/a"), name: "one", line: 1)
        let second = graph.add(directory("/a"), name: "two", line: 7)
        #expect(first === second)
        #expect(graph.vertices.count == 1)
    }

    @Test func `steps differ by operation, parent, sources and use of the cache`() {
        var graph = Graph()
        let base = graph.add(directory("/a"))
        let other = graph.add(directory("/b"))
        let onBase = graph.add(directory("/c"), over: base)
        let onOther = graph.add(directory("/c"), over: other)
        let reading = graph.add(directory("/c"), over: base, reading: [other])
        let fresh = graph.add(
            directory("/c"),
            over: base,
            name: "",
            origin: nil,
            ignoresCache: true
        )
        let all = [base, other, onBase, onOther, reading, fresh]
        #expect(Set(all.map(\.id)).count == all.count)
        #expect(graph.vertices.map(\.id) == Array(0..<all.count))
    }

    @Test func `steps of contexts with different ignore files differ`() throws {
        try withScratchDirectory { scratch in
            let first = try context(scratch)
            let second = try context(scratch)
            var graph = Graph()
            let vertex = graph.add(.transfer(transfer(of: first)))
            #expect(graph.add(.transfer(transfer(of: first))) === vertex)
            #expect(graph.add(.transfer(transfer(of: second))) !== vertex)
        }
    }

    @Test func `settings that are not part of the cache key still separate steps`() {
        var graph = Graph()
        var step = RunStep.example
        let plain = graph.add(.run(step))
        step.settings.secrets = ["s": .value([1])]
        let withSecret = graph.add(.run(step))
        step.proxies = ["http_proxy=x"]
        let withProxy = graph.add(.run(step))
        #expect(Set([plain.id, withSecret.id, withProxy.id]).count == 3)
        #expect(key(plain) == key(withSecret))
        #expect(key(plain) == key(withProxy))
        step.settings.extraHosts = [BuildRequest.Host(name: "h", address: "1.2.3.4")]
        #expect(key(graph.add(.run(step))) != key(plain))
    }

    @Test func `needed vertices come after their inputs, and others are left out`() {
        var graph = Graph()
        let base = graph.add(directory("/a"))
        let unused = graph.add(directory("/unused"), over: base)
        let source = graph.add(directory("/b"))
        let target = graph.add(directory("/c"), over: base, reading: [source])
        let needed = graph.needed(for: [target]).map(\.id)
        #expect(needed == [base.id, source.id, target.id])
        #expect(!needed.contains(unused.id))
    }

    private func directory(_ path: String) -> Operation {
        .workingDirectory(DirectoryStep(path: path, user: ""))
    }

    private func key(_ vertex: Vertex) -> String {
        var digest = ContentDigest()
        vertex.operation.describe(in: &digest)
        return "\(digest.digest)"
    }

    private func context(_ directory: FilePath) throws -> BuildContext {
        let digests = DigestCache(file: directory.appending("digests"), now: .zero)
        return try BuildContext(path: directory, ignoring: IgnorePatterns(), digests: digests)
    }

    private func transfer(of context: BuildContext) -> TransferStep {
        TransferStep(
            source: .context(context),
            paths: ["a"],
            files: [],
            destination: "/a",
            excludes: [],
            isLink: false,
            keepsParents: false,
            unpacks: false
        )
    }
}

extension Graph {
    fileprivate mutating func add(
        _ operation: Operation,
        over parent: Vertex? = nil,
        reading sources: [Vertex] = [],
        name: String = "",
        line: Int = 1
    ) -> Vertex {
        let origin = Origin(
            dockerfile: [],
            position: SourcePosition(file: "Dockerfile", line: line),
            lastLine: line
        )
        return add(
            operation,
            over: parent,
            reading: sources,
            name: name,
            origin: origin,
            ignoresCache: false
        )
    }
}

extension RunStep {
    static var example: RunStep {
        RunStep(
            arguments: ["/bin/sh", "-c", "true"],
            environment: [],
            proxies: [],
            user: "",
            workingDirectory: "/",
            network: .none,
            isInsecure: false,
            mounts: [],
            settings: RunSettings()
        )
    }
}
