import SystemPackage
import Testing

extension EndToEnd {
    /// The containers that `up` creates, recreates and waits for.
    @Suite struct ConvergenceTests {
        @Test func `waiting for a container that keeps crashing fails with its output`() throws {
            try needBusyBox()
            let file = """
                services:
                  a:
                    image: test/busybox
                    command: sh -c 'echo cannot start; exit 3'
                    restart: always
                    healthcheck: {test: 'true', interval: 2s}
                  b: {image: test/busybox, depends_on: {a: {condition: service_healthy}}}
                """
            try withProject(["compose.yaml": file]) { project in
                for command in [["up", "--wait", "a"], ["up", "--detach"]] {
                    let outcome = try project.attempt(command)
                    #expect(outcome.status == 1)
                    #expect(
                        outcome.errors.contains("is unhealthy: it keeps crashing (exit code 3"),
                        "\(outcome)"
                    )
                    #expect(outcome.errors.contains("cannot start"), "\(outcome)")
                }
            }
        }

        @Test func `a container in another's network is recreated with it`() throws {
            try needBusyBox()
            let file = """
                services:
                  vpn:
                    image: test/busybox
                    command: sleep 1000
                    init: true
                    environment: {V: "${V:-1}"}
                  side:
                    image: test/busybox
                    command: sleep 1000
                    init: true
                    network_mode: service:vpn
                """
            try withProject([
                "compose.yaml": file, "one.env": "V=1\n", "two.env": "V=2\n",
            ]) { project in
                let env = { (name: String) in project.directory.appending("\(name).env").string }
                try project.compose("--env-file", env("one"), "up", "--detach")
                try project.compose("--env-file", env("two"), "up", "--detach", "vpn")
                try project.compose("--env-file", env("two"), "up", "--detach")
                let links = try ["vpn", "side"].map {
                    try project.compose("exec", "-T", $0, "readlink", "/proc/self/ns/net")
                }
                #expect(links[0] == links[1])
                let again = try project.attempt(["--env-file", env("two"), "up", "--detach"])
                #expect(!again.errors.contains("Recreate"), "\(again)")
            }
        }

        @Test func `network_mode bridge shares a network that stays`() throws {
            try needBusyBox()
            let service =
                "{image: test/busybox, command: sleep 1000, init: true, network_mode: bridge}"
            try withProject(["compose.yaml": "services: {a: \(service)}"]) { project in
                try project.compose("up", "--detach")
                let addresses = try project.compose("exec", "-T", "a", "ip", "-4", "addr")
                #expect(addresses.contains("eth0"), "\(addresses)")
                let again = try project.attempt(["up", "--detach"])
                #expect(again.errors.contains("Running"), "\(again)")
            }
        }

        @Test func `compatible names are joined by underscores`() throws {
            try needBusyBox()
            let service = "{image: test/busybox, command: sleep 1000, init: true}"
            try withProject(["compose.yaml": "services: {a: \(service)}"]) { project in
                try project.compose("--compatibility", "up", "--detach")
                let names = try project.compose("ps", "--format", "{{.Name}}")
                #expect(names == "\(project.name)_a_1\n")
            }
        }

        @Test(arguments: [
            ("volumes: ['v:/data']", "must be absolute"),
            ("platform: linux/s390x\n    pull_policy: never", "does not match"),
        ])
        func `a mount or platform that cannot be honoured is rejected`(
            attribute: String,
            message: String
        ) throws {
            try needBusyBox()
            let file = "services:\n  a:\n    image: test/busybox\n    \(attribute)\n"
            try withProject(["compose.yaml": file]) { project in
                let outcome = try project.attempt(["up", "--detach"])
                #expect(outcome.status == 1)
                #expect(outcome.errors.contains(message), "\(outcome)")
                #expect(try project.compose("ps", "--all", "--quiet") == "")
            }
        }
    }
}
