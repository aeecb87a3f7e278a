import Linux
import SystemPackage
import Testing

private let hasDockerClient = ["/usr/bin/docker", "/usr/local/bin/docker"]
    .contains { FileSystem.exists(FilePath($0)) }

extension EndToEnd {
    /// docker's own command line against `api run`.
    @Suite(.enabled(if: hasDockerClient, "the docker CLI is not installed"))
    struct DockerClientTests {
        @discardableResult
        private func docker(_ arguments: String...) throws -> Outcome {
            try machine().attempt(["api", "run", "docker"] + arguments, limit: .seconds(60))
        }

        @Test func `a container's exit status and output reach the client`() throws {
            try needBusyBox()
            let outcome = try docker(
                "run",
                "--rm",
                "test/busybox",
                "sh",
                "-c",
                "echo out; echo err >&2; exit 3"
            )
            #expect(outcome.status == 3)
            #expect(outcome.output.contains("out"))
            #expect(try docker("run", "--rm", "test/busybox", "/nosuch").status == 127)
            #expect(try docker("ps", "--all", "--quiet").output == "")
        }

        @Test func `a detached container is listed, entered and removed`() throws {
            try needBusyBox()
            let name = uniqueProjectName()
            let run = try docker(
                "run",
                "--detach",
                "--name",
                name,
                "test/busybox",
                "sh",
                "-c",
                "echo ready; exec sleep 600"
            )
            #expect(run.status == 0, "\(run)")
            defer { _ = try? docker("rm", "--force", name) }
            let listed = try docker("ps", "--filter", "name=\(name)", "--format", "{{.Names}}")
            #expect(listed.output == "\(name)\n")
            let exec = try docker("exec", name, "sh", "-c", "echo inside; exit 9")
            #expect(exec.status == 9, "\(exec)")
            #expect(exec.output.contains("inside"))
            #expect(try docker("logs", name).output.contains("ready"))
            #expect(try machine().attempt(["ls", "--all", "--quiet"]).output.contains("_docker"))
            #expect(try docker("rm", "--force", name).status == 0)
            #expect(try docker("ps", "--all", "--quiet").output == "")
        }

        @Test func `input that arrives before the start is not lost`() throws {
            try needBusyBox()
            let command = "printf 12345678 | docker run --rm --interactive test/busybox wc -c"
            for _ in 0..<3 {
                let outcome = try machine().attempt(["api", "run", "sh", "-c", command])
                #expect(outcome.output == "8\n", "\(outcome)")
            }
        }

        @Test func `a swarm operation is refused like by an engine outside a swarm`() throws {
            let outcome = try docker("service", "ls")
            #expect(outcome.status == 1)
            #expect("\(outcome)".contains("This node is not a swarm manager"))
        }
    }
}
