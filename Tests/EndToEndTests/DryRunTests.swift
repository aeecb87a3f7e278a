import Testing

extension EndToEnd {
    /// `--dry-run` prints what would be done and changes nothing.
    @Suite struct DryRunTests {
        private let file = """
            services:
              web:
                image: test/dry-run-web
                build: {context: ., dockerfile_inline: "FROM test/busybox\\nRUN echo > /built\\n"}
              cache:
                image: test/dry-run-missing
            """

        @Test(
            arguments: [
                (["up", "--detach"], ["test/dry-run-web  Built", "test/dry-run-missing  Pulled"]),
                (["create"], ["test/dry-run-web  Built", "web-1  Created"]),
                (["build"], ["test/dry-run-web  Built"]),
                (["build", "--push"], ["test/dry-run-web  Pushed"]),
                (["pull", "cache"], ["test/dry-run-missing"]),
                (["push", "web"], ["test/dry-run-web"]),
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
                #expect(try machine.run("image", "ls", "--quiet", "test/dry-run-web").isEmpty)
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
