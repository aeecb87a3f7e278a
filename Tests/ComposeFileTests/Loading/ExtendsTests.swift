import Testing
import YAML

@testable import ComposeFile

struct ExtendsTests {
    @Test func `a service inherits through a chain`() throws {
        let files: MemoryFiles = [
            "/work/compose.yaml": """
            services:
              a: {extends: b, environment: [A=1]}
              b: {extends: {service: c}, environment: {B: 2}}
              c: {image: c, environment: [A=9, C=3]}
            """
        ]
        let root = try files.tree()
        #expect(root.at("services.a.image")?.string == "c")
        #expect(root.texts("services.a.environment") == ["A=1", "C=3", "B=2"])
        #expect(root.at("services.a.extends") == nil)
    }

    @Test func `a long chain is followed, an excessive one rejected`() throws {
        #expect(try chain(of: 200).tree().at("services.s200.image")?.string == "a")
        let errors = #expect(throws: ComposeErrors.self) { try chain(of: 600).tree() }
        #expect(errors?.errors.first?.description.contains("more than 256 steps") == true)
    }

    /// A file in which the first service needs all others.
    private func chain(of count: Int) -> MemoryFiles {
        let lines = (1...count).reversed().map { "  s\($0): {extends: s\($0 - 1)}\n" }
        return ["/work/compose.yaml": "services:\n" + lines.joined() + "  s0: {image: a}\n"]
    }

    @Test func `paths in another file are relative to its directory`() throws {
        let files: MemoryFiles = [
            "/work/compose.yaml": "services: {a: {extends: {file: sub/x.yaml, service: b}}}",
            "/work/sub/x.yaml": """
            services:
              b: {extends: {file: y/z.yaml, service: c}, build: ./ctx}
            """,
            "/work/sub/y/z.yaml": "services: {c: {env_file: ./e, volumes: ['./v:/v', 'named:/n']}}",
            "/work/sub/y/e": "",
        ]
        let root = try files.tree()
        #expect(root.at("services.a.build.context")?.string == "/work/sub/ctx")
        #expect(root.at("services.a.env_file.0.path")?.string == "/work/sub/y/e")
        #expect(root.at("services.a.volumes.0.source")?.string == "/work/sub/y/v")
        #expect(root.at("services.a.volumes.1.source")?.string == "named")
    }

    @Test func `tags remove inherited attributes`() throws {
        let files: MemoryFiles = [
            "/work/compose.yaml": """
            services:
              a: {extends: b, ports: !override ['81:81'], environment: {X: !reset }}
              b: {image: b, ports: ['80:80'], environment: {X: '1', Y: '2'}}
            """
        ]
        let root = try files.tree()
        #expect(root.at("services.a.ports")?.sequence?.count == 1)
        #expect(root.texts("services.a.environment") == ["Y=2"])
    }

    @Test func `a cycle is reported with its steps`() throws {
        let files: MemoryFiles = [
            "/work/compose.yaml": """
            services:
              a: {extends: b}
              b: {extends: {file: x.yaml, service: c}}
            """,
            "/work/x.yaml": "services: {c: {extends: {file: compose.yaml, service: a}}}",
        ]
        let error = #expect(throws: ComposeErrors.self) { try files.tree() }
        #expect(error?.description.contains("c in x.yaml") == true)
    }

    @Test func `all undefined bases are reported with suggestions`() {
        let files: MemoryFiles = [
            "/work/compose.yaml": """
            services:
              a: {extends: database}
              b: {extends: {service: none, file: x.yaml}}
              databas: {image: d}
            """,
            "/work/x.yaml": "services: {}",
        ]
        let error = #expect(throws: ComposeErrors.self) { try files.tree() }
        #expect(error?.errors.map(\.location.line) == [2, 3])
        #expect(error?.description.contains("did you mean 'databas'?") == true)
    }

    @Test(arguments: [
        ("{extends: {file: x.yaml}}", "compose.yaml:2"),
        ("{extends: [b]}", "compose.yaml:2"),
        ("{extends: {service: b, file: [x]}}", "compose.yaml:2"),
        ("{extends: {service: b, file: missing.yaml}}", "missing.yaml"),
        ("{extends: {service: b, file: 'https://example.com/x.yaml'}}", "https"),
        ("text", "compose.yaml:2"),
    ])
    func `invalid values are rejected with their location`(service: String, words: String) {
        let files: MemoryFiles = ["/work/compose.yaml": "services:\n  a: \(service)\n  b: {}\n"]
        let error = #expect(throws: ComposeErrors.self) { try files.tree() }
        #expect(error?.description.contains(words) == true, "\(error as Any)")
    }
}
