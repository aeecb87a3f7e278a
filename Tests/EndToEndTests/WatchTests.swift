import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// `watch` and `up --watch`, with files that change.
    @Suite struct WatchTests {
        @Test
        func `changed files are copied to and removed from every container, owned by its user`()
            throws
        {
            try needBusyBox()
            let text = """
                services:
                  web:
                    image: test/busybox
                    user: "123:456"
                    stop_grace_period: 0s
                    command: [sleep, "600"]
                    scale: 2
                    develop:
                      watch:
                        - {path: src, action: sync, target: /app, ignore: ["*.tmp"], initial_sync: true}
                """
            let files = ["compose.yaml": text, "src/old": "old\n", "src/d/gone": "x\n"]
            try withProject(files) { project in
                var watch = try project.atTerminal("--ansi", "never", "watch")
                try watch.await("Watch enabled\r\n")
                #expect(try project.seen("cat /app/old") == "old\n")

                try project.write("src/x.tmp", "ignored\n")
                try project.write("src/new/deep", "new\n", mode: 0o750)
                try watch.await("Syncing service \"web\" after 2 changes were detected\r\n")
                try project.await("cat /app/new/deep", gives: "new\n")
                #expect(
                    try project.seen("stat -c '%u %g %a' /app/new/deep; ls /app")
                        == "123 456 750\nd\nnew\nold\n"
                )

                try FileSystem.removeTree(project.directory.appending("src/d"))
                try project.await("ls -A /app", gives: "new\nold\n")
                try project.write("src/.old.swp", "newer\n")
                try FileSystem.rename(
                    project.directory.appending("src/.old.swp"),
                    to: project.directory.appending("src/old")
                )
                try project.await("cat /app/old", gives: "newer\n")

                let second = try project.attempt(["watch", "--no-up"])
                #expect(second.status == 1, "\(second)")
                #expect(second.errors.contains("cannot take exclusive lock"), "\(second)")

                try watch.type("\u{3}")
                try watch.await("Watch disabled\r\n")
                #expect(try watch.outcome().status == 130)
                #expect(try project.seen("ls -A /app") == "new\nold\n")
            }
        }

        @Test func `a service is restarted, or runs a command, after its files are synced`() throws
        {
            try needBusyBox()
            let text = """
                services:
                  web:
                    image: test/busybox
                    stop_grace_period: 0s
                    command: [sh, -c, "echo began with $$(cat /conf/*); exec sleep 600"]
                    develop:
                      watch:
                        - {path: conf, action: sync+restart, target: /conf}
                        - path: hook
                          action: sync+exec
                          target: /hook
                          exec:
                            command: [sh, -c, "echo $$WORD $$(id -u) $$(pwd) $$(cat /hook/*)"]
                            user: "7"
                            working_dir: /bin
                            environment: {WORD: hello}
                        - path: broken
                          action: sync+exec
                          target: /broken
                          exec: {command: [sh, -c, "exit 3"]}
                """
            try withProject(["compose.yaml": text, "conf/site": ""]) { project in
                var watch = try project.atTerminal("--ansi", "never", "watch")
                try watch.await("Watch enabled\r\n")
                try project.write("conf/site", "a wish\n")
                try watch.await(
                    "Syncing service \"web\" after 1 changes were detected\r\n",
                    "service(s) [\"web\"] restarted\r\n"
                )
                try project.awaitLog("began with a wish")
                try project.write("broken/x", "")
                try watch.await("Error handling changed files: ", "exit code 3\r\n")
                try project.write("hook/x", "dear\n")
                try watch.await("hello 7 /bin dear\r\n")
                try watch.type("\u{3}")
                #expect(try watch.outcome().status == 130)
            }
        }

        @Test func `a rebuild replaces only its service, and a failed build changes nothing`()
            throws
        {
            try needBusyBox()
            let text = """
                services:
                  web:
                    build: .
                    stop_grace_period: 0s
                    command: [sleep, "600"]
                    depends_on: [db]
                    develop: {watch: [{path: ., action: rebuild}]}
                  db: {image: test/busybox, command: [sleep, "600"], stop_grace_period: 0s}
                """
            let dockerfile = "FROM test/busybox\nCOPY word /word\n"
            let files = [
                "compose.yaml": text, "Dockerfile": dockerfile, "word": "one\n",
                ".dockerignore": "secret\n",
            ]
            try withProject(files) { project in
                var watch = try project.atTerminal("--ansi", "never", "watch")
                try watch.await("Watch enabled\r\n")
                let nameless = try project.namelessImages()
                let ids = try ["web", "db"].map { try project.compose("ps", "--quiet", $0) }
                try project.write("secret", "")
                try project.write("word", "two\n")
                try watch.await(
                    "Rebuilding service(s) [\"web\"] after changes were detected...\r\n",
                    "service(s) [\"web\"] successfully built\r\n"
                )
                try project.await("cat /word", gives: "two\n")
                #expect(try project.compose("ps", "--quiet", "web") != ids[0])

                try project.write("Dockerfile", dockerfile + "RUN false\n")
                try watch.await("Build failed. Error: ")
                try project.write("Dockerfile", dockerfile + "RUN echo three > /word\n")
                try watch.await("successfully built\r\n")
                try project.await("cat /word", gives: "three\n")
                #expect(try project.compose("ps", "--quiet", "db") == ids[1])
                try watch.type("\u{3}")
                #expect(try watch.outcome().status == 130)
                #expect(try project.namelessImages() == nameless)
            }
        }

        @Test func `an attached up watches, follows replaced containers and stops them all`()
            throws
        {
            try needBusyBox()
            let text = """
                services:
                  web:
                    build: .
                    stop_grace_period: 0s
                    command: [sh, -c, "echo said $$(cat /conf/* /word); exec sleep 600"]
                    develop:
                      watch:
                        - {path: word, action: rebuild}
                        - {path: conf, action: sync+restart, target: /conf}
                """
            let files = [
                "compose.yaml": text, "Dockerfile": "FROM test/busybox\nCOPY word /word\n",
                "word": "one\n",
            ]
            try withProject(files) { project in
                var up = try project.atTerminal("--ansi", "never", "up", "--watch")
                try up.await("web-1  | said one\r\n", " \u{29BF} Watch enabled\r\n")
                try project.write("conf/c", "set\n")
                try up.await(
                    " \u{29BF} service(s) [\"web\"] restarted\r\n",
                    "web-1  | said set one\r\n"
                )
                try project.write("word", "two\n")
                try up.await("web-1 has been recreated\r\n", "web-1  | said two\r\n")
                try up.type("\u{3}")
                #expect([0, 130].contains(try up.outcome().status))
                let running = try project.compose("ps", "--status", "running", "--quiet")
                #expect(running.isEmpty, "\(running)")
            }
        }

        @Test(arguments: [
            ["watch"]: "none of the selected services is configured for watch",
            ["up", "--watch"]: "none of the selected services is configured for watch",
            ["up", "--watch", "--detach"]: "--detach",
            ["up", "--watch", "--no-build"]: "--no-build",
            ["watch", "nobody"]: "no such service: nobody",
        ])
        func `an invalid watch is reported`(arguments: [String], expected: String) throws {
            let text = "services: {web: {image: test/busybox}}"
            try withProject(["compose.yaml": text]) { project in
                let outcome = try project.attempt(arguments)
                #expect(outcome.status == 1, "\(outcome)")
                #expect(outcome.errors.contains(expected), "\(outcome)")
            }
        }
    }
}

extension ScratchProject {
    fileprivate func write(_ path: String, _ text: String, mode: UInt16 = 0o644) throws {
        let file = directory.appending(path)
        try FileSystem.makeDirectories(file.removingLastComponent())
        let options: OpenOptions = [.writing, .creating, .truncating]
        try Descriptor.open(file, options, mode: mode).write(Array(text.utf8))
    }

    fileprivate func namelessImages() throws -> Int {
        try machine.run("image", "ls").split(separator: "\n").count { $0.hasPrefix("<none>") }
    }

    /// Returns the output of a shell command in the last container of `web`.
    fileprivate func seen(_ command: String) throws -> String {
        let last = try compose("ps", "--quiet", "web").split(separator: "\n").count
        return try attempt(
            ["exec", "--no-tty", "--index", "\(last)", "web", "sh", "-c", command]
        ).output
    }

    /// Runs a shell command in the last container of `web` until it prints `text`.
    fileprivate func await(
        _ command: String,
        gives text: String,
        location: SourceLocation = #_sourceLocation
    ) throws {
        let limit = ContinuousClock.now + .seconds(30)
        var latest = ""
        repeat {
            latest = try seen(command)
            if latest == text { return }
        } while ContinuousClock.now < limit
        try #require(latest == text, "'\(command)' never gave it", sourceLocation: location)
    }
}
