import Testing
import YAML

@testable import ComposeFile

struct ProjectSearchTests {
    @Test func `default files are found in a parent directory`() throws {
        var files: MemoryFiles = [
            "/work/docker-compose.yml": "services: {a: {image: a}}",
            "/work/compose.override.yaml": "services: {a: {image: b}}",
            "/work/.env": "X=1\n",
        ]
        files.currentDirectory = "/work/deep/er"
        let tree = try files.load()
        #expect(tree.files == ["/work/docker-compose.yml", "/work/compose.override.yaml"])
        #expect(tree.workingDirectory == "/work")
        #expect(tree.name == "work")
        #expect(tree.environment["X"] == "1")
        #expect(tree.root.at("services.a.image")?.string == "b")
    }

    @Test func `variables name files and profiles`() throws {
        let files: MemoryFiles = [
            "/work/.env": "COMPOSE_FILE=sub/a.yaml,b.yaml\nCOMPOSE_PATH_SEPARATOR=,\n",
            "/work/sub/a.yaml": "services: {a: {image: $X, build: .}}",
            "/work/sub/.env": "X=x\nCOMPOSE_PROFILES= p , q,\n",
            "/work/b.yaml": "services: {b: {image: b}}",
        ]
        let tree = try files.load()
        #expect(tree.files == ["/work/sub/a.yaml", "/work/b.yaml"])
        #expect(tree.root.at("services.a.build.context")?.string == "/work/sub")
        #expect(tree.root.at("services.a.image")?.string == "x")
        #expect(tree.profiles == ["p", "q"])
    }

    @Test func `the shell takes precedence over env files, and later files over earlier ones`()
        throws
    {
        let files: MemoryFiles = [
            "/work/compose.yaml": "services: {a: {image: '$A$B$C'}}",
            "/work/one": "A=1\nB=1\nC=1\n", "/work/two": "B=2\nC=2\n", "/work/.env": "A=no\n",
        ]
        var options = LoadOptions()
        options.envFiles = ["one", "two"]
        options.environment = ["C": "3"]
        #expect(try files.load(options).root.at("services.a.image")?.string == "123")
    }

    @Test(arguments: [
        ("Work", "work"), ("My App", "myapp"), ("_-x.1", "x1"), ("9a", "9a"), ("Ä", ""),
    ])
    func `a project name is normalised`(name: String, expected: String) {
        #expect(ProjectSearch.normalised(name) == expected)
    }

    @Test(arguments: [
        (nil, nil, "from-file"), ("given", "variable", "given"), (nil, "variable", "variable"),
        (nil, "", "from-file"),
    ])
    func `the project name comes from option, variable, file or directory`(
        flag: String?,
        variable: String?,
        expected: String
    ) throws {
        let files: MemoryFiles = [
            "/work/compose.yaml": "name: From-$X\nservices: {a: {image: $COMPOSE_PROJECT_NAME}}"
        ]
        var options = LoadOptions()
        options.projectName = flag
        options.environment = ["X": "file"]
        options.environment["COMPOSE_PROJECT_NAME"] = variable
        let tree = try files.load(options)
        #expect(tree.name == expected)
        #expect(tree.root.at("services.a.image")?.string == expected)
    }

    @Test func `an explicit project name must be valid`() {
        let files: MemoryFiles = ["/work/compose.yaml": "services: {a: {image: a}}"]
        var options = LoadOptions()
        options.projectName = "Not Valid"
        let error = #expect(throws: ComposeErrors.self) { try files.load(options) }
        #expect(error?.description.contains("Not Valid") == true)
    }

    @Test func `no file, an empty file and a missing file are rejected`() {
        let absent = #expect(throws: ComposeErrors.self) { try MemoryFiles(files: [:]).load() }
        #expect(
            absent?.description.contains("no configuration file provided") == true,
            "\(absent as Any)"
        )
        let files: MemoryFiles = ["/work/compose.yaml": "# nothing\n"]
        let empty = #expect(throws: ComposeErrors.self) { try files.load() }
        #expect(empty?.description.contains("empty compose file") == true, "\(empty as Any)")
        var options = LoadOptions()
        options.files = ["none.yaml"]
        let missing = #expect(throws: ComposeErrors.self) { try files.load(options) }
        #expect(missing?.description.contains("none.yaml") == true, "\(missing as Any)")
    }

    @Test func `documents and files are merged in order, and tags apply to earlier ones`() throws {
        let files: MemoryFiles = [
            "/work/a.yaml": "services: {a: {image: a, ports: ['80:80'], environment: {A: '1'}}}",
            "/work/b.yaml": """
            services: {a: {ports: !reset [], environment: !override {B: '2'}}}
            ---
            services: {a: {command: [c]}}
            """,
        ]
        var options = LoadOptions()
        options.files = ["a.yaml", "b.yaml"]
        let root = try files.load(options).root
        #expect(root.at("services.a.ports") == nil)
        #expect(root.at("services.a.environment") == (try node("{B: '2'}")))
        #expect(root.texts("services.a.command") == ["c"])
    }
}
