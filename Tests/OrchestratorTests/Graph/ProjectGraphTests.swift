import Testing

@testable import Orchestrator

struct ProjectGraphTests {
    private func graph(_ containers: [ExistingContainer] = []) throws -> ProjectGraph {
        let project = try loadProject(
            """
            services:
              db: {image: a, volumes: ["data:/d"]}
              api: {image: a, depends_on: {db: {condition: service_healthy}}}
              web: {image: a, ports: ["8080:80"], depends_on: [api]}
            volumes: {data: {}}
            """
        )
        return ProjectGraph(project, order: ["db", "api", "web"], containers: containers)
    }

    @Test func `the tree shows what each service needs, with its state`() throws {
        let expected = """
            demo
            └─ web: absent  8080->80/tcp  on default
               └─ api (started): absent  on default
                  └─ db (healthy): running  on default  with data
            networks: default
            volumes: data
            """
        #expect(try graph([Fixture.container("db")]).tree == expected)
    }

    @Test func `dot, Mermaid and SVG have all services and dependencies`() throws {
        let graph = try graph()
        #expect(graph.dot.contains("\"web\" -> \"api\" [label=\"started\"];"), "\(graph.dot)")
        #expect(graph.mermaid.contains("s1 -->|healthy| s0"), "\(graph.mermaid)")
        #expect(graph.svg.contains("<text x=\"650\" y=\"42\">db: absent</text>"), "\(graph.svg)")
        #expect(graph.svg.hasPrefix("<svg") && graph.svg.hasSuffix("</svg>"))
    }

    @Test func `names are escaped in each language`() throws {
        let project = try loadProject("name: demo\nservices: {a: {image: a, ports: [\"80:80\"]}}")
        var graph = ProjectGraph(project, order: ["a"], containers: [])
        graph.services[0].state = "a\"<b>"
        #expect(graph.dot.contains("a\\\"<b>"))
        #expect(graph.mermaid.contains("a#quot;<b>"))
        #expect(graph.svg.contains("a&quot;&lt;b&gt;"))
    }
}
