import Testing
import YAML

@testable import ComposeFile

struct GitWorktreeTests {
    private static let text = "services: {a: {image: a}}\n"

    @Test(
        arguments: [
            (
                ["/work/.git": "gitdir: /repo/.git/worktrees/Fix-42\n"], "name: shop\n",
                "shop-fix-42"
            ),
            (["/work/.git/HEAD": "ref: refs/heads/feature/login\n"], "", "work-feature-login"),
            (["/.git/HEAD": "ref: refs/heads/main\n"], "", "work-main"),
            (["/work/.git": "gitdir: /repo/.git/modules/lib\n"], "", "work"),
            (["/work/.git/HEAD": "8b137891791fe96927ad78e64b0aad7bded08bdc\n"], "", "work"),
            ([:], "name: shop\n", "shop"),
        ] as [([String: String], String, String)]
    )
    func `a project takes the name of its worktree or branch on request`(
        git: [String: String],
        name: String,
        expected: String
    ) throws {
        var options = LoadOptions()
        options.environment = ["COMPOSE_PROJECT_NAME": "auto"]
        let byVariable = MemoryFiles(
            files: git.merging(["/work/compose.yaml": name + Self.text]) { $1 }
        )
        #expect(try byVariable.load(options).name == expected)
        let loader = ProjectLoader(options, files: byVariable.access)
        #expect(loader.nameAlone() == expected)

        let byFile = MemoryFiles(
            files: git.merging(["/work/compose.yaml": "x-project: worktree\n" + name + Self.text]) {
                $1
            }
        )
        #expect(try byFile.load().name == expected)
        #expect(ProjectLoader(LoadOptions(), files: byFile.access).nameAlone() == nil)
    }

    @Test func `a name on the command line takes precedence`() throws {
        var options = LoadOptions()
        options.environment = ["COMPOSE_PROJECT_NAME": "auto"]
        options.projectName = "mine"
        let files = MemoryFiles(files: [
            "/work/compose.yaml": Self.text, "/work/.git/HEAD": "ref: refs/heads/x\n",
        ])
        #expect(try files.load(options).name == "mine")
    }

    @Test(arguments: ["x-project: project\n", "x-project: {name: mine}\n"])
    func `another value of x-project is the user's own`(line: String) throws {
        let files = MemoryFiles(files: [
            "/work/compose.yaml": line + Self.text, "/work/.git/HEAD": "ref: refs/heads/x\n",
        ])
        #expect(try files.load().name == "work")
    }
}
