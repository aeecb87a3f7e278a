import Testing

extension EndToEnd {
    /// `--dry-run` prints what would be done and changes nothing.
    @Suite struct DryRunTests {
        private let file = """
            services:
              web:
                build: &build {context: ., dockerfile_inline: "FROM test/busybox\\nRUN echo > /x\\n"}
              cache:
                image: test/dry-run-missing
              named:
                image: test/dry-run-named
                build: *build
                profiles: [named]
            """

        @Test(
            arguments: [
                (["up", "--detach"], ["-web  Built", "test/dry-run-missing  Pulled"]),
                (["create"], ["-web  Built", "web-1  Created"]),
                (["build"], ["-web  Built"]),
                (["build", "--push", "named"], ["test/dry-run-named  Pushed"]),
                (["pull", "cache"], ["test/dry-run-missing"]),
                (["push", "named"], ["test/dry-run-named"]),
            ] as [([String], [String])]
        )
        func `images are neither pulled, built nor pushed`(
            arguments: [String],
            expected: [String]
        ) throws {
            try needBusyBox()
            try withProject(["compose.yaml": file]) { project in
                let outcome = try project.attempt(["--dry-run"] + arguments)
                #expect(outcome.status == 0, "\(outcome)")
                for text in expected { #expect(outcome.errors.contains(text), "\(outcome)") }
                let lines = outcome.errors.split(separator: "\n")
                #expect(lines.allSatisfy { $0.hasPrefix(" DRY-RUN MODE - ") }, "\(outcome)")
                let machine = project.machine
                let images = try machine.run("image", "ls")
                #expect(!images.contains("dry-run") && !images.contains(project.name))
                #expect(try project.compose("ps", "--all", "--quiet").isEmpty)
            }
        }

        @Test func `a command without a dry run refuses it`() throws {
            let outcome = try machine().attempt(["--dry-run", "image", "prune", "--force"])
            #expect(outcome.status == 1)
            #expect(outcome.errors == "Error: this command has no dry run; omit --dry-run\n")
        }
    }
}
