import Linux
import SystemPackage
import Testing

/// A project with an error, and the expected message.
struct Mistake: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var files: [String: String] = [:]
    let words: [String]

    init(_ description: String, _ compose: String, words: [String]) {
        self.init(description, ["compose.yaml": compose], words: words)
    }

    init(_ description: String, _ files: [String: String], words: [String]) {
        testDescription = description
        self.files = files
        self.words = words
    }
}

extension EndToEnd {
    /// Each error is one paragraph with location and remedy, and leaves no partial state.
    @Suite struct BadInputTests {
        @Test(arguments: [
            ("lgos", "did you mean 'logs'?"), ("frobnicate", "unknown command 'frobnicate'; run "),
        ])
        func `an unknown command is reported by name`(name: String, words: String) throws {
            try withProject([:]) { project in
                let outcome = try project.attempt([name, "api"])
                #expect(outcome.status == 1, "\(outcome)")
                #expect(outcome.errors.contains(words), "\(outcome)")
            }
        }

        @Test(arguments: [
            Mistake("no file", [".env": "A=b\n"], words: ["compose.yaml", "No such file"]),
            Mistake(
                "YAML that ends too early",
                "services:\n  web:\n    image: [busybox\n",
                words: ["compose.yaml:4:1"]
            ),
            Mistake(
                "a misspelt key",
                "services:\n  web:\n    imagee: test/busybox\n",
                words: ["compose.yaml:3:5", "imagee", "image"]
            ),
            Mistake(
                "a value of the wrong kind",
                "services:\n  web:\n    image: test/busybox\n    cap_add: SYS_TIME\n",
                words: ["compose.yaml:4:14", "list"]
            ),
            Mistake(
                "services that wait for each other",
                """
                services:
                  one:
                    image: test/busybox
                    depends_on: [two]
                  two:
                    image: test/busybox
                    depends_on: [one]
                """,
                words: ["compose.yaml:", "one", "two", "cycle"]
            ),
            Mistake(
                "an undefined service",
                "services:\n  web:\n    image: test/busybox\n    depends_on: [databse]\n",
                words: ["compose.yaml:4:18", "databse"]
            ),
            Mistake(
                "an undefined volume",
                "services:\n  web:\n    image: test/busybox\n    volumes: [\"data:/data\"]\n",
                words: ["compose.yaml:4:15", "data", "define it"]
            ),
            Mistake(
                "an undefined network",
                "services:\n  web:\n    image: test/busybox\n    networks: [front]\n",
                words: ["compose.yaml:4:16", "front", "define it"]
            ),
            Mistake(
                "a required variable without a value",
                "services:\n  web:\n    image: ${IMAGE:?name the image}\n",
                words: ["compose.yaml:3:12", "IMAGE", "name the image"]
            ),
            Mistake(
                "an image that is nowhere",
                "services:\n  web:\n    image: nobody/nothing:1\n",
                words: ["nobody/nothing:1", "image load"]
            ),
            Mistake(
                "a base image that is nowhere",
                [
                    "compose.yaml": "services:\n  web:\n    build: .\n",
                    "Dockerfile": "# The base.\nFROM debian:trixie-slim\nRUN true\n",
                ],
                words: ["Dockerfile:2", "debian:trixie-slim", "image bootstrap"]
            ),
            Mistake(
                "a build context that is not there",
                "services:\n  web:\n    build: ./website\n",
                words: ["website", "compose.yaml:3:12"]
            ),
            Mistake(
                "an unknown instruction",
                [
                    "compose.yaml": "services:\n  web:\n    build: .\n",
                    "Dockerfile": "FROM test/busybox\nCOPPY a b\n",
                ],
                words: ["Dockerfile:2", "COPPY", "COPY"]
            ),
            Mistake(
                "a command that fails in a build",
                [
                    "compose.yaml": "services:\n  web:\n    build: .\n",
                    "Dockerfile": "FROM test/busybox\n\nRUN echo last words && exit 3\n",
                ],
                words: [
                    "Dockerfile:3", "RUN echo last words && exit 3", "last words", "exit code: 3",
                ]
            ),
            Mistake(
                "a program that the image has not",
                "services:\n  web:\n    image: test/busybox\n    command: [nothing-here]\n",
                words: ["web", "nothing-here"]
            ),
            Mistake(
                "a directory to mount that is not there",
                """
                services:
                  web:
                    image: test/busybox
                    volumes:
                      - type: bind
                        source: ./missing
                        target: /data
                        bind: {create_host_path: false}
                """,
                words: ["missing", "compose.yaml:"]
            ),
        ])
        func `an error in the file is reported with location and remedy`(_ mistake: Mistake) throws
        {
            try needBusyBox()
            try withProject(mistake.files) { project in
                let outcome = try project.attempt(["up", "--detach"])
                #expect(outcome.status != 0, "\(outcome)")
                for word in mistake.words {
                    #expect(outcome.errors.contains(word), "\(word): \(outcome)")
                }
                #expect(!outcome.errors.contains("Fatal error"), "\(outcome)")
                // Containers that were created before the error may stay, as with docker compose.
                try project.machine.run("--project-name", project.name, "down", "--volumes")
                let remains = try project.remains()
                #expect(remains == [])
            }
        }

        @Test func `a port in use is reported with its owner`() throws {
            try needBusyBox()
            let port = try FreePort.any()
            let owner = try Program(["busybox", "nc", "-l", "-p", "\(port)"])
            let text = """
                services:
                  web:
                    image: test/busybox
                    command: [sleep, "60"]
                    ports: ["\(port):80"]
                """
            try withProject(["compose.yaml": text]) { project in
                let outcome = try project.attempt(["up", "--detach"])
                #expect(outcome.status == 1, "\(outcome)")
                #expect(outcome.errors.contains("\(port)"), "\(outcome)")
                #expect(outcome.errors.contains("busybox"), "\(outcome)")
                #expect(outcome.errors.contains("process"), "\(outcome)")
            }
            try owner.process.send(.terminate)
            _ = try owner.outcome()
        }

        @Test func `a port in use by another project is reported with its service`() throws {
            try needBusyBox()
            let port = try FreePort.any()
            let text = """
                services:
                  web:
                    image: test/busybox
                    command: [sleep, "60"]
                    ports: ["\(port):80"]
                """
            try withProject(["compose.yaml": text]) { first in
                try first.compose("up", "--detach")
                try withProject(["compose.yaml": text]) { second in
                    let outcome = try second.attempt(["up", "--detach"])
                    #expect(outcome.status == 1, "\(outcome)")
                    #expect(outcome.errors.contains("\(port)"), "\(outcome)")
                    #expect(outcome.errors.contains(first.name), "\(outcome)")
                }
                let running = try first.compose("ps", "--quiet")
                #expect(!running.isEmpty)
            }
        }

        @Test func `an unprivileged user gets the reason for the failure`() throws {
            let machine = try machine()
            let root = machine.root.appending("unprivileged")
            try FileSystem.makeDirectories(root, mode: 0o777)
            try FileSystem.setMode(of: root, to: 0o777)
            try withProject(["compose.yaml": "services:\n  web:\n    image: scratch\n"]) {
                project in
                let outcome = try Program.run(
                    "setpriv",
                    "--reuid=65534",
                    "--regid=65534",
                    "--clear-groups",
                    machine.program.string,
                    "--file",
                    project.directory.appending("compose.yaml").string,
                    "up",
                    "--detach",
                    environment: ["SWIFTCOMPOSE_ROOT": root.string]
                )
                #expect(outcome.status == 1, "\(outcome)")
                #expect(outcome.errors.contains("root"), "\(outcome)")
            }
        }

        @Test(arguments: ["no-such-command", "--no-such-flag"])
        func `an invalid argument is an error`(_ argument: String) throws {
            let outcome = try machine().attempt([argument])
            #expect(outcome.status == 1, "\(outcome)")
            #expect(outcome.errors.contains(argument), "\(outcome)")
        }
    }
}
