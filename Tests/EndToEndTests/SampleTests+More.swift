import Linux
import SystemPackage
import Testing

extension EndToEnd.SampleTests {
    @Test func `a subscriber logs the broker's messages`() throws {
        try withSample("mqtt", publishing: ["broker": 1883]) { sample in
            // Retained, so that it also reaches a subscriber that connects later.
            try sample.compose(
                "exec",
                "-T",
                "broker",
                "mosquitto_pub",
                "--retain",
                "--topic",
                "sensors/attic",
                "--message",
                "21.5"
            )
            try sample.compose("restart", "broker")
            try sample.compose(
                "exec",
                "-T",
                "broker",
                "mosquitto_pub",
                "--retain",
                "--topic",
                "sensors/cellar",
                "--message",
                "9"
            )
            var log = ""
            for _ in 1...400 where !log.contains("cellar 9") {
                log = try sample.compose("logs", "--no-log-prefix", "subscriber")
            }
            #expect(log.contains("sensors/attic 21.5\n"))
            #expect(log.contains("sensors/cellar 9\n"))
        }
    }

    @Test func `a secret is read by its user, and tools run on demand`() throws {
        try withSample("profiles", publishing: [:]) { sample in
            var log = ""
            for _ in 1...400 where log.isEmpty {
                log = try sample.compose("logs", "--no-log-prefix", "vault")
            }
            #expect(log == "b9f195c5\n")
            #expect(try sample.compose("ps", "--all", "--services") == "vault\n")
            let output = try sample.compose("--profile", "debug", "up", "--no-log-prefix", "reader")
            #expect(output.contains("swordfish"))
            #expect(try sample.compose("run", "--rm", "-T", "rotate").count == 16)
        }
    }

    @Test func `a gateway finds the service of another project`() throws {
        try withSample("gateway", publishing: ["gateway": 80]) { gateway in
            try withExample("compose-samples/gateway/blog", publishing: [:]) { blog in
                try blog.compose("up", "--detach", "--wait", "--build")
                // The gateway answers 503 until it has found the name.
                let port = try #require(gateway.ports["gateway"])
                let url = "http://localhost:\(port)/blog/"
                var page = ""
                for _ in 1...2000 where page.isEmpty {
                    page = try Program(["curl", "--silent", "--fail", url]).outcome().output
                }
                #expect(page == "The first post\n")
            }
        }
    }

    @Test func `a saved page is served by the running container`() throws {
        try machine().needBaseImage()
        let sample = Machine.repository.appending("compose-samples/watch")
        let port = try FreePort.any()
        let text = try FileSystem.readText(sample.appending("compose.yaml"))
            .replacing("8010:8000", with: "\(port):8000")
        let page = try FileSystem.readText(sample.appending("site/index.html"))
        try withProject(["compose.yaml": text, "site/index.html": page]) { project in
            try project.compose("up", "--detach", "--wait", "--build")
            var watch = try project.atTerminal("--ansi", "never", "watch", "--no-up")
            try watch.await("Watch enabled\r\n")
            let saved = project.directory.appending("site/index.html")
            try AtomicFile.write(Array("after\n".utf8), to: saved, mode: 0o644)
            try watch.await("Syncing service \"web\" after 1 changes were detected\r\n")
            var shown = ""
            for _ in 1...400 where shown != "after\n" {
                shown = try Program(["curl", "--silent", "http://localhost:\(port)/"]).outcome()
                    .output
            }
            #expect(shown == "after\n")
            try watch.type("\u{3}")
            #expect(try watch.outcome().status == 130)
        }
    }
}

extension EndToEnd.SampleTests {
    /// The stacks whose images take minutes to build.
    @Suite(
        .enabled(
            if: ProcessEnvironment.variables["SWIFTCOMPOSE_TEST_ALL_SAMPLES"] != nil,
            "SWIFTCOMPOSE_TEST_ALL_SAMPLES is not set"
        )
    )
    struct Large {
        @Test func `notes are kept in PostgreSQL`() throws {
            try withSample("flask", publishing: ["web": 8000]) { sample in
                try sample.post(#"{"text": "milk"}"#, to: "web", "/")
                try sample.compose("restart")
                try sample.compose("up", "--detach", "--wait")
                #expect(try sample.get("web") == "[\"milk\"]\n")
            }
        }

        @Test func `workers take jobs from the queue`() throws {
            try withSample("queue", publishing: ["api": 8000]) { sample in
                let answer = try sample.post(#"{"text": "to be or not"}"#, to: "api", "/jobs")
                let id = try #require(answer.split(separator: "\"").dropFirst(2).dropFirst().first)
                #expect(try sample.get("api", "/jobs/\(id)") == #"{"words":4}"#)
            }
        }

        @Test func `a site is migrated before it starts`() throws {
            try withSample("django", publishing: ["proxy": 80]) { sample in
                try sample.post(#"{"name": "Ada"}"#, to: "proxy", "/")
                #expect(try sample.get("proxy") == #"["Ada"]"#)
            }
        }

        @Test func `PHP counts in MariaDB`() throws {
            try withSample("php", publishing: ["web": 80]) { sample in
                let answers = [
                    try sample.get("web", "/?visit"), try sample.get("web", "/?visit"),
                ]
                #expect(answers == ["1 visits\n", "2 visits\n"])
            }
        }

        @Test func `Prometheus scrapes the node exporter`() throws {
            try withSample("metrics", publishing: ["prometheus": 9090]) { sample in
                var answer = ""
                for _ in 1...2000 where !answer.contains("\"1\"") {
                    answer = try sample.get("prometheus", "/api/v1/query?query=up")
                }
                #expect(answer.contains("\"1\""))
            }
        }

        @Test func `a replica follows its primary`() throws {
            try withSample("replication", publishing: [:]) { sample in
                let psql = ["psql", "--host=/tmp", "--username=postgres", "--tuples-only"]
                let create = "--command=CREATE TABLE t AS SELECT 42 AS n"
                _ = try sample.attempt(["exec", "-T", "primary"] + psql + [create])
                var answer = ""
                for _ in 1...400 where !answer.contains("42") {
                    let select = "--command=SELECT n FROM t"
                    answer = try sample.attempt(["exec", "-T", "replica"] + psql + [select]).output
                }
                #expect(answer.contains("42"))
            }
        }
    }
}

/// Starts a sample, calls `body` and removes it.
func withSample(
    _ name: String,
    publishing ports: [String: Int],
    _ body: (Example) throws -> Void
) throws {
    try machine().needBaseImage()
    try withExample("compose-samples/\(name)", publishing: ports) { sample in
        try sample.compose("up", "--detach", "--wait", "--build")
        try body(sample)
    }
}
