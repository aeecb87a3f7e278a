import Testing
import YAML

@testable import ComposeFile

struct EnvFileTests {
    @Test(arguments: [
        ("", ["A": "x", "B": "1"]), ("format: ''", ["A": "x", "B": "1"]),
        ("format: .env", ["A": "x", "B": "1"]), ("format: raw", ["A": "\"x\"", "B": "1 # c"]),
    ])
    func `a file is parsed by its format`(format: String, expected: [String: String]) throws {
        let service = try #require(try load(format).services["web"])
        #expect(service.setEnvironment == expected)
    }

    @Test(arguments: ["RAW", "foo", "dotenv"])
    func `an unknown format is rejected at its line`(format: String) {
        let errors = #expect(throws: ComposeErrors.self) { try load("format: \(format)") }
        #expect(
            errors?.description.contains("compose.yaml:6:9: unsupported env_file format") == true
        )
    }

    @Test func `the format of a missing file is not checked`() throws {
        #expect(try load("format: foo\n        required: false", path: "none").services.count == 1)
    }

    private func load(_ format: String, path: String = "a.env") throws -> Project {
        let files: MemoryFiles = [
            "/work/compose.yaml": """
            services:
              web:
                image: web
                env_file:
                  - path: \(path)
                    \(format)

            """,
            "/work/a.env": "A=\"x\"\nB=1 # c\n",
        ]
        var warnings: [ComposeWarning] = []
        return try Project(loading: LoadOptions(), files: files.access, warnings: &warnings)
    }
}
