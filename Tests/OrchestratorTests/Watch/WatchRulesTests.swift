import ComposeFile
import SystemPackage
import Testing

@testable import Orchestrator

struct WatchRulesTests {
    @Test(arguments: [
        ("{path: src, action: sync, target: /app}", "src/a.py", "web: src/a.py>/app/a.py"),
        ("{path: src, action: sync, target: /app/}", "src/d/a.py", "web: src/d/a.py>/app/d/a.py"),
        ("{path: src, action: sync, target: app}", "src/a.py", "web: src/a.py>/app/a.py"),
        ("{path: src, action: sync, target: /app}", "src", "web: src>/app"),
        ("{path: src, action: sync, target: /app}", "srcs/a.py", ""),
        ("{path: src, action: sync, target: /app}", "a.py", ""),
        ("{path: a.conf, action: sync, target: /etc/b.conf}", "a.conf", "web: a.conf>/etc/b.conf"),
        ("{path: a.conf, action: sync, target: /etc/}", "a.conf", "web: a.conf>/etc/a.conf"),
        ("{path: ., action: rebuild}", "package.json", "rebuild web"),
        ("{path: ., action: restart}", "config.json", "restart web"),
        (
            "{path: ., action: sync+restart, target: /etc}", "n.conf",
            "web: n.conf>/etc/n.conf; restart web"
        ),
        (
            "{path: ., action: sync+exec, target: /etc, exec: {command: reload}}", "n.conf",
            "web: n.conf>/etc/n.conf; exec web 0"
        ),
        ("{path: ., action: rebuild, ignore: [node_modules/]}", "node_modules/a/b.js", ""),
        ("{path: ., action: rebuild, ignore: ['**/*.log']}", "deep/down/x.log", ""),
        ("{path: ., action: rebuild, ignore: ['*', '!keep']}", "keep/x", "rebuild web"),
        ("{path: ., action: rebuild, ignore: [/docs]}", "docs/x", ""),
        ("{path: src, action: rebuild, ignore: [src]}", "src/x", "rebuild web"),
        ("{path: ., action: rebuild, include: ['*.go']}", "main.go", "rebuild web"),
        ("{path: ., action: rebuild, include: ['*.go']}", "main.py", ""),
        ("{path: ., action: rebuild, include: ['**/*.go'], ignore: [gen]}", "gen/x.go", ""),
        ("{path: ., action: rebuild}", ".git/index", ""),
        ("{path: ., action: rebuild}", "sub/.git/index", ""),
        ("{path: ., action: rebuild}", ".gitignore", "rebuild web"),
        ("{path: ., action: rebuild}", "src/.main.c.swp", ""),
        ("{path: ., action: rebuild}", "src/main.c~", ""),
        ("{path: ., action: rebuild}", "src/4913", ""),
        ("{path: ., action: rebuild}", "src/.#main.c", ""),
        ("{path: ., action: rebuild}", ".idea/workspace.xml", ""),
    ])
    func `a changed path causes the rule's action`(
        rule: String,
        path: String,
        action: String
    ) throws {
        let rules = try rules("web: {build: ., develop: {watch: [\(rule)]}}")
        #expect(rules.batch(for: [Self.full(path)]).summary == action)
        #expect(rules.includes(Self.full(path)) == !action.isEmpty)
    }

    @Test func `a batch contains each action once for each service`() throws {
        let rules = try rules(
            """
              web:
                build: .
                develop:
                  watch:
                    - {path: src, action: sync, target: /first}
                    - {path: src, action: sync+restart, target: /app}
                    - {path: src, action: sync+exec, target: /app, exec: {command: [reload]}}
                    - {path: go.mod, action: rebuild}
              db:
                image: db
                develop: {watch: [{path: src/sql, action: restart}, {path: ., action: restart}]}
            """
        )
        let batch = rules.batch(for: ["/work/src/sql/a", "/work/src/b", "/work/go.mod"])
        #expect(
            batch.summary == """
                rebuild web; web: src/b>/first/b src/b>/app/b src/sql/a>/first/sql/a \
                src/sql/a>/app/sql/a; restart db web; exec web 2
                """
        )
    }

    @Test func `the later of two rules with the same target takes precedence`() throws {
        let rules = try rules(
            """
              web:
                image: a
                develop:
                  watch:
                    - {path: base, action: sync, target: /app}
                    - {path: over, action: sync, target: /app}
            """
        )
        #expect(rules.batch(for: ["/work/over/x", "/work/base/x"]).summary == "web: over/x>/app/x")
    }

    @Test(arguments: [
        ("*.md\n!README.md\n", "a.md", false), ("*.md\n!README.md\n", "README.md", true),
        ("/dist\n", "dist/x", false), ("# dist\n", "dist/x", true),
        // A file with the pattern * selects what the image needs, not what changes.
        ("*\n!src\n", "main.py", true),
    ])
    func `the ignore file of the context applies`(
        text: String,
        path: String,
        isIncluded: Bool
    ) throws {
        let rules = try rules(
            "web: {build: ., develop: {watch: [{path: ., action: rebuild}]}}",
            [".dockerignore": text]
        )
        #expect(rules.includes(Self.full(path)) == isIncluded)
    }

    @Test func `a Dockerfile's own ignore file takes precedence over the context's`() throws {
        let rules = try rules(
            """
            web: {build: {context: ., dockerfile: dev.Dockerfile},
                  develop: {watch: [{path: ., action: rebuild}]}}
            """,
            ["dev.Dockerfile.dockerignore": "a", ".dockerignore": "b"]
        )
        #expect(!rules.includes("/work/a") && rules.includes("/work/b"))
    }

    @Test func `a directory is skipped only if no rule can apply to its content`() throws {
        let rules = try rules(
            """
              web:
                image: a
                develop:
                  watch:
                    - {path: ., action: restart, ignore: [all, "some/*", only]}
                    - {path: only/here, action: restart}
            """
        )
        let skipped = [".git", "all", "all/deep", "only", "only/there"]
        let watched = ["", "src", "some", "only/here"]
        #expect(skipped.filter { !rules.skips(Self.full($0)) } == [])
        #expect(watched.filter { rules.skips(Self.full($0)) } == [])
        let exceptional = try self.rules(
            "web: {image: a, develop: {watch: [{path: ., action: restart, ignore: [a, '!a/b']}]}}"
        )
        #expect(!exceptional.skips("/work/a"))
    }

    @Test func `a bind-mounted path is not copied and causes a warning`() throws {
        let rules = try rules(
            """
              web:
                image: a
                volumes: [./src:/app]
                develop:
                  watch:
                    - {path: src/sub, action: sync, target: /app/sub}
                    - {path: src, action: sync+exec, target: /app, exec: {command: reload}}
                    - {path: other, action: sync, target: /other}
            """
        )
        #expect(rules.warnings.map { $0.contains("'/work/src/sub'") } == [true])
        #expect(rules.batch(for: ["/work/src/sub/x"]).summary == "exec web 1")
        #expect(rules.roots == ["/work/src", "/work/other"])
    }

    @Test func `existing files are copied by rules with initial_sync`() throws {
        let rules = try rules(
            """
              web:
                build: {context: ., dockerfile: dev.Dockerfile}
                develop:
                  watch:
                    - {path: ., action: sync, target: /app, initial_sync: true, ignore: [out]}
                    - {path: ., action: sync+restart, target: /late}
            """
        )
        let files = ["compose.yaml", "dev.Dockerfile", "Dockerfile", "main.py", "out/x", "sub/y"]
        let batch = rules.initialBatch(of: Set(files.map(Self.full)))
        #expect(batch.summary == "web: main.py>/app/main.py sub/y>/app/sub/y")
    }

    @Test(arguments: [
        (
            "web:\n    image: a\n    develop:\n      watch:\n        - {path: ., action: rebuild}",
            "compose.yaml:6:11: services.web.develop.watch.0: can't watch service \"web\" with "
                + "action rebuild without a build context"
        ),
        (
            "web:\n    image: a\n    develop:\n      watch:\n"
                + "        - {path: ., action: sync+exec, target: /a}",
            "compose.yaml:6:11: services.web.develop.watch.0: can't watch with action "
                + "\"sync+exec\" on service web without a command"
        ),
        (
            "web:\n    image: a\n    develop:\n      watch:\n"
                + "        - {path: ., action: restart, ignore: ['[']}",
            "compose.yaml:6:38: invalid pattern '['"
        ),
    ])
    func `an invalid rule is rejected at its line`(service: String, message: String) throws {
        let error = #expect(throws: (any Error).self) { try rules(service) }
        let description = error.map { "\($0)" } ?? ""
        #expect(description.contains(message), "\(description)")
    }

    private static func full(_ path: String) -> FilePath {
        FilePath("/work").pushing(FilePath(path))
    }

    /// The rules of `services`, as a part of `/work/compose.yaml`.
    private func rules(_ services: String, _ texts: [String: String] = [:]) throws -> WatchRules {
        let text = "services:\n  " + services.drop { $0 == " " }
        let project = try loadProject(text)
        return try WatchRules(project.orderedServices) {
            texts[$0.relative(to: "/work")?.string ?? ""]
        }
    }
}

extension WatchBatch {
    /// The actions on one line, with paths relative to `/work`.
    fileprivate var summary: String {
        var parts: [String] = []
        func add(_ word: String, _ items: [String]) {
            if !items.isEmpty { parts.append(([word] + items).joined(separator: " ")) }
        }
        add("rebuild", rebuilds)
        for (service, copies) in copies.sorted(by: { $0.key < $1.key }) {
            add("\(service):", copies.map { "\($0.source.dropFirst(6))>\($0.target)" })
        }
        add("restart", restarts.sorted())
        for command in commands { add("exec", [command.service, "\(command.rule)"]) }
        return parts.joined(separator: "; ")
    }
}
