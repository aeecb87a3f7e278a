import Testing
import YAML

@testable import ComposeFile

struct ServiceGraphTests {
    @Test func `services start after their dependencies`() throws {
        let graph = try ServiceGraph(
            loaded("a: [b, c]", "b: [d]", "c: [d]", "d: []", "e: []")
        )
        #expect(graph.levels == [["d", "e"], ["b", "c"], ["a"]])
        #expect(graph.order == ["d", "e", "b", "c", "a"])
        #expect(graph.dependents(of: "d") == ["b", "c"])
        #expect(graph.dependencies(of: "a") == ["b", "c"])
        #expect(graph.closure(of: ["b"]) == ["b", "d"])
    }

    @Test(arguments: [
        (["a: [a]"], "a -> a"), (["a: [b]", "b: [a]"], "a -> b -> a"),
        (["x: [c]", "c: [b]", "b: [a]", "a: [c]"], "a -> c -> b -> a"),
    ])
    func `a cycle is reported from its first name, with its location`(
        services: [String],
        path: String
    ) {
        let errors = #expect(throws: ComposeErrors.self) {
            try ServiceGraph(try unchecked(services))
        }
        #expect(errors?.description.contains("dependency cycle: \(path);") == true)
        #expect(errors?.errors.first?.location.line ?? 0 > 1)
    }

    @Test func `a chain of thousands is processed`() throws {
        let services = (0..<5000).map { "s\($0): [\($0 == 0 ? "" : "s\($0 - 1)")]" }
        let graph = try ServiceGraph(try unchecked(services))
        #expect(graph.levels.count == 5000)
        #expect(graph.order.last == "s4999")
    }

    private func loaded(_ services: String...) throws -> Project {
        try unchecked(services)
    }

    private func unchecked(_ services: [String]) throws -> Project {
        let lines = services.map { service in
            let parts = service.split(separator: ":")
            return "  \(parts[0]): {image: i, depends_on:\(parts[1])}\n"
        }
        return try project("services:\n" + lines.joined()) { $0.checksConsistency = false }
    }
}
