import Testing
import YAML

@testable import ComposeFile

struct IncludeTests {
    @Test func `an included project has its own directory and variables`() throws {
        let files: MemoryFiles = [
            "/work/compose.yaml": "include: [sub/compose.yaml]\nservices: {a: {image: a}}\n",
            "/work/sub/compose.yaml": """
            name: ignored
            services: {b: {image: '$TAG', build: ., environment: [WHO]}}
            volumes: {v: }
            """,
            "/work/sub/.env": "TAG=inner\nWHO=inner\n",
        ]
        let root = try files.tree(["WHO": "outer"])
        #expect(root.at("services.b.image")?.string == "inner")
        #expect(root.at("services.b.build.context")?.string == "/work/sub")
        #expect(root.texts("services.b.environment") == ["WHO=outer"])
        #expect(root.at("volumes.v") != nil)
        #expect(root.at("name") == nil)
        #expect(root.at("include") == nil)
    }

    @Test func `the long form sets directory, env file and overrides`() throws {
        let files: MemoryFiles = [
            "/work/compose.yaml": """
            include:
              - path: [x/a.yaml, x/b.yaml]
                project_directory: other
                env_file: vars
            """,
            "/work/x/a.yaml": "services: {b: {image: '$T', volumes: ['./d:/d']}}",
            "/work/x/b.yaml": "services: {b: {command: [c]}}",
            "/work/vars": "T=t\n",
            "/work/other/.env": "T=wrong\n",
        ]
        let root = try files.tree()
        #expect(root.at("services.b.image")?.string == "t")
        #expect(root.texts("services.b.command") == ["c"])
        #expect(root.at("services.b.volumes.0.source")?.string == "/work/other/d")
    }

    @Test func `equal definitions are accepted, different ones conflict`() {
        let files: MemoryFiles = [
            "/work/compose.yaml": """
            include: [x.yaml]
            services: {a: {image: b}}
            networks: {n: {driver: x}}
            volumes: {v: {name: w}}
            """,
            "/work/x.yaml": """
            services: {a: {image: a}}
            networks: {n: {driver: y}}
            volumes: {v: {name: w}}
            """,
        ]
        let error = #expect(throws: ComposeErrors.self) { try files.tree() }
        #expect(error?.errors.map(\.location.line) == [2, 3])
        #expect(error?.description.contains("x.yaml:1:12") == true)
    }

    @Test(arguments: [
        ("include: [x.yaml]", "cycle"),
        ("include: x.yaml", "include"),
        ("include: [[x]]", "include"),
        ("include: [{path: 1}]", "include"),
        ("include: [missing.yaml]", "missing.yaml"),
        ("include: ['oci://registry/x']", "oci"),
        ("include: [y.yaml]", "cycle"),
        ("include: [{path: y.yaml, env_file: none}]", "none"),
        ("include: [{path: y.yaml, env_file: d}]", "is a directory"),
    ])
    func `cycles, remote files and invalid values are rejected`(text: String, words: String) {
        let files: MemoryFiles = [
            "/work/compose.yaml": "\(text)\nservices: {a: {image: a}}\n",
            "/work/x.yaml": "include: [y.yaml]\n",
            "/work/y.yaml": "include: [x.yaml]\n",
            "/work/d/file": "",
        ]
        let error = #expect(throws: ComposeErrors.self) { try files.tree() }
        #expect(error?.description.contains(words) == true, "\(error as Any)")
    }
}
