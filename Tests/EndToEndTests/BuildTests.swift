import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// Builds and their cache, observed through the command line.
    @Suite struct BuildTests {
        private let services = """
            services:
              teller: {build: ., command: cat /id, network_mode: none}

            """

        private func dockerfile(_ word: String) -> String {
            """
            FROM test/busybox
            RUN : \(word)
            WORKDIR /made
            RUN cat /proc/sys/kernel/random/uuid > /id

            """
        }

        @Test
        func `a changed RUN step invalidates the steps after it, even without changing files`()
            throws
        {
            try needBusyBox()
            let files = ["compose.yaml": services, "Dockerfile": dockerfile("once")]
            try withProject(files) { project in
                func build(_ word: String) throws -> String {
                    let path = project.directory.appending("Dockerfile")
                    try AtomicFile.write(Array(dockerfile(word).utf8), to: path)
                    try project.compose("build")
                    return try project.compose("run", "--rm", "teller")
                }
                let first = try build("once")
                #expect(first.utf8.count == 37)
                #expect(try build("once") == first)
                #expect(try build("again") != first)
                #expect(try build("once") == first)
            }
        }

        @Test(arguments: ["up", "run"])
        func `a local image of another platform is rejected`(command: String) throws {
            try needBusyBox()
            let service = """
                services:
                  arch:
                    {image: test/busybox, platform: linux/s390x, pull_policy: never, command: "true"}

                """
            try withProject(["compose.yaml": service]) { project in
                let outcome = try project.attempt([command, "arch"])
                #expect(outcome.status == 1)
                #expect(outcome.errors.contains("linux/s390x"), "\(outcome)")
                #expect(outcome.errors.contains("compose.yaml:"), "\(outcome)")
            }
        }

        @Test func `a base image of another platform is rejected`() throws {
            try needBusyBox()
            let files = [
                "compose.yaml": "services: {a: {build: ., platform: linux/s390x}}",
                "Dockerfile": "FROM test/busybox\n",
            ]
            try withProject(files) { project in
                let outcome = try project.attempt(["build"])
                #expect(outcome.status == 1)
                #expect(outcome.errors.contains("linux/s390x"), "\(outcome)")
            }
        }

        @Test func `progress as JSON covers steps and errors`() throws {
            try needBusyBox()
            let files = [
                "compose.yaml": "services: {a: {build: .}}",
                "Dockerfile": "FROM test/busybox\nRUN echo shown; exit 3\n",
            ]
            try withProject(files) { project in
                let outcome = try project.attempt(["--progress", "json", "build"])
                #expect(outcome.status == 1)
                let lines = outcome.errors.split(separator: "\n")
                #expect(lines.allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") }, "\(outcome)")
                #expect(outcome.errors.contains(#""text":"shown""#), "\(outcome)")
                #expect(lines.last?.contains(#""error":true"#) == true, "\(outcome)")
            }
        }

        @Test func `the host's network needs an entitlement`() throws {
            try needBusyBox()
            let files = [
                "compose.yaml": "services: {a: {build: .}}",
                "granted.yaml":
                    "services: {a: {build: {context: ., entitlements: [network.host]}}}",
                "Dockerfile": "FROM test/busybox\nRUN --network=host true\n",
            ]
            try withProject(files) { project in
                let outcome = try project.attempt(["build"])
                #expect(outcome.errors.contains("network.host is not allowed"), "\(outcome)")
                let granted = project.directory.appending("granted.yaml").string
                try project.compose("--file", granted, "build")
            }
        }
    }
}
