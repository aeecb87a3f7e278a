import Testing

@testable import ComposeFile

/// Files, options, and the project name found without the tree; nil if the tree is needed.
struct NameCase: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var files: [String: String]
    var options = LoadOptions()
    var name: String?

    init(
        _ description: String,
        _ files: [String: String],
        _ name: String?,
        _ adjust: (inout LoadOptions) -> Void = { _ in }
    ) {
        testDescription = description
        self.files = Dictionary(uniqueKeysWithValues: files.map { ("/work/\($0.key)", $0.value) })
        self.name = name
        adjust(&options)
    }

    var loader: ProjectLoader { ProjectLoader(options, files: MemoryFiles(files: files).access) }
}

private let services = "services: {a: {image: a}}\n"

struct ProjectNameTests {
    @Test(arguments: [
        NameCase("the directory", ["compose.yaml": services], "work"),
        NameCase("the file", ["compose.yaml": "name: shop\n" + services], "shop"),
        NameCase("the file, made valid", ["compose.yaml": "name: My Shop\n" + services], "myshop"),
        NameCase("as it is", ["compose.yaml": "name: my-shop\n" + services], "my-shop") {
            $0.normalizes = false
        },
        NameCase("a variable's default", ["compose.yaml": "name: ${X:-y}\n" + services], "y"),
        NameCase(
            "a variable of .env",
            ["compose.yaml": services + "name: a$X\n", ".env": "X=b\n"],
            "ab"
        ),
        NameCase(
            "the shell's before that of .env",
            ["compose.yaml": services + "name: a$X\n", ".env": "X=b\n"],
            "ac"
        ) { $0.environment = ["X": "c"] },
        NameCase(
            "an env file that is named",
            ["compose.yaml": services + "name: a$X\n", ".env": "X=b\n", "one": "X=d\n"],
            "ad"
        ) { $0.envFiles = ["one"] },
        NameCase(
            "the last file that has one",
            [
                "a.yaml": "name: one\n" + services, "b.yaml": "name: two\n" + services,
                "c.yaml": services,
            ],
            "two"
        ) { $0.files = ["a.yaml", "b.yaml", "c.yaml"] },
        NameCase(
            "the last document that has one",
            ["compose.yaml": "name: one\n---\nname: two\n---\n" + services],
            "two"
        ),
        NameCase(
            "an override",
            ["compose.yaml": "name: one\n" + services, "compose.override.yaml": "name: two\n"],
            "two"
        ),
        NameCase(
            "COMPOSE_FILE",
            [
                "sub/c.yaml": services, "d.yaml": services,
                ".env": "COMPOSE_FILE=sub/c.yaml:d.yaml\n",
            ],
            "sub"
        ),
        NameCase("a project directory", ["compose.yaml": services, "deep/x": ""], "deep") {
            $0.files = ["compose.yaml"]
            $0.projectDirectory = "deep"
        },
        NameCase(
            "not that of an included file",
            [
                "compose.yaml": "include: [sub/compose.yaml]\n" + services,
                "sub/compose.yaml": "name: other\nservices: {b: {image: b}}\n",
            ],
            "work"
        ),
        NameCase("-p", ["compose.yaml": "name: shop\n" + services], "given") {
            $0.projectName = "given"
            $0.environment = ["COMPOSE_PROJECT_NAME": "variable"]
        },
        NameCase("COMPOSE_PROJECT_NAME", ["compose.yaml": "name: shop\n" + services], "variable") {
            $0.environment = ["COMPOSE_PROJECT_NAME": "variable"]
        },
        NameCase(
            "COMPOSE_PROJECT_NAME of .env",
            ["compose.yaml": "name: shop\n" + services, ".env": "COMPOSE_PROJECT_NAME=variable\n"],
            "variable"
        ),
        NameCase(
            "an anchor that is used elsewhere",
            ["compose.yaml": "name: &n shop\nservices: {a: {image: *n}}\n"],
            "shop"
        ),
        NameCase(
            "merged into the root",
            ["compose.yaml": "x-a: &a {name: shop}\n<<: *a\n" + services],
            nil
        ),
        NameCase("an alias", ["compose.yaml": "x-a: &a shop\nname: *a\n" + services], nil),
        NameCase("tagged", ["compose.yaml": "name: !!str 5\n" + services], nil),
        NameCase("reset", ["compose.yaml": "name: !reset shop\n" + services], nil),
        NameCase(
            "reset by a later file",
            [
                "compose.yaml": "name: shop\n" + services,
                "compose.override.yaml": "name: !reset null\n" + services,
            ],
            nil
        ),
        NameCase("standard input", ["-": "name: shop\n" + services], nil) { $0.files = ["-"] },
    ])
    func `the name equals that of the tree`(_ example: NameCase) throws {
        var files = MemoryFiles(files: example.files)
        files.files["-"] = example.files["/work/-"]
        let loader = ProjectLoader(example.options, files: files.access)
        #expect(loader.nameAlone() == example.name)
        let whole = try loader.tree().name
        if let name = example.name { #expect(whole == name) }
    }

    @Test(arguments: [
        NameCase("no file", [:], nil),
        NameCase("no file for -p", [:], nil) { $0.projectName = "given" },
        NameCase("an empty file", ["compose.yaml": "# nothing\n"], nil),
        NameCase("a directory", ["compose.yaml/x": ""], nil),
        NameCase("a file that is missing", ["compose.yaml": services], nil) {
            $0.files = ["compose.yaml", "none.yaml"]
        },
        NameCase("a file that is missing, and -p", ["compose.yaml": services], nil) {
            $0.files = ["none.yaml"]
            $0.projectName = "given"
        },
        NameCase("a file of the network", ["compose.yaml": services], nil) {
            $0.files = ["https://example.com/compose.yaml"]
        },
        NameCase("an env file that is missing", ["compose.yaml": services], nil) {
            $0.envFiles = ["none"]
        },
        NameCase("an invalid name given", ["compose.yaml": services], nil) {
            $0.projectName = "My Shop"
        },
        NameCase("nothing left of a name", ["compose.yaml": "name: ÄÖ\n" + services], nil),
        NameCase("a number", ["compose.yaml": "name: 5\n" + services], nil),
        NameCase("a list", ["compose.yaml": "name: [shop]\n" + services], nil),
        NameCase("twice", ["compose.yaml": "name: a\nname: b\n" + services], nil),
        NameCase("a bad template", ["compose.yaml": "name: ${a\n" + services], nil),
        NameCase("a variable that must be set", ["compose.yaml": "name: ${X:?}\n" + services], nil),
        NameCase("bad syntax after it", ["compose.yaml": "name: shop\nservices: [\n"], nil),
    ])
    func `an error is left to the tree`(_ example: NameCase) {
        #expect(example.loader.nameAlone() == nil)
        #expect(throws: ComposeErrors.self) { try example.loader.tree() }
    }

    @Test func `a stream is left to the tree`() throws {
        var options = LoadOptions()
        options.files = ["/dev/fd/63"]
        var access = MemoryFiles(files: ["/dev/fd/63": "name: shop\n" + services]).access
        access.kind = { $0 == "/dev/fd/63" ? .stream : nil }
        access.read = { _ throws(FileAccess.Failure) in
            Issue.record("it was read")
            return []
        }
        #expect(ProjectLoader(options, files: access).nameAlone() == nil)
        options.projectName = "given"
        #expect(ProjectLoader(options, files: access).nameAlone() == "given")
    }

    @Test func `an explicit name requires no Compose file`() {
        var options = LoadOptions()
        options.files = ["compose.yaml"]
        options.projectName = "given"
        var access = MemoryFiles(files: ["/work/compose.yaml": ""]).access
        access.read = { _ throws(FileAccess.Failure) in
            Issue.record("it was read")
            return []
        }
        #expect(ProjectLoader(options, files: access).nameAlone() == "given")
    }
}
