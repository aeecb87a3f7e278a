import Linux
import SystemPackage
import Testing

private let hasEngine = ["/usr/sbin/dockerd", "/usr/bin/dockerd"]
    .contains { FileSystem.exists(FilePath($0)) }

extension EndToEnd {
    /// Stacks on an engine in swarm mode, which runs in namespaces of its own.
    @Suite(.enabled(if: hasEngine, "dockerd is not installed")) struct StackTests {
        /// An engine with the image `test/busybox`, and the address of its API.
        private struct Engine {
            var host: String
            var machine: Machine

            func docker(_ arguments: String...) throws -> Outcome {
                try Program(["docker", "--host", host] + arguments, limit: .seconds(60)).outcome()
            }

            /// Runs `stack` with these arguments on a Compose file.
            func stack(_ file: String, _ command: String, _ arguments: String...) throws -> Outcome
            {
                let name = "\(command)-\(uniqueProjectName())"
                let path = machine.root.appending("\(name).yaml")
                try AtomicFile.write(Array(file.utf8), to: path)
                defer { try? FileSystem.removeFile(path) }
                return try machine.attempt(
                    ["--file", path.string, "stack", command, "--host", host] + arguments,
                    limit: .seconds(120)
                )
            }
        }

        /// Runs until its first argument, a FIFO, is closed.
        private static let script = """
            mount -t tmpfs none /run && ip link set lo up || exit 1
            dockerd --storage-driver=vfs --iptables=false --bridge=none --data-root="$2/data" \\
                --exec-root=/run/docker --pidfile=/run/docker.pid --host="unix://$2/socket" \\
                >"$2/log" 2>&1 &
            engine=$!
            for attempt in $(seq 300); do
                docker --host "unix://$2/socket" info >/dev/null 2>&1 && break
                sleep 0.1
            done
            docker --host "unix://$2/socket" swarm init --advertise-addr 127.0.0.1 &&
                docker --host "unix://$2/socket" load --input "$2/image.tar" && echo >"$2/ready" ||
                tail -n 20 "$2/log" >"$2/ready"
            cat "$1"
            kill $engine
            wait $engine
            rmdir /sys/fs/cgroup/docker /sys/fs/cgroup/*/docker
            """

        private func withEngine(_ body: (Engine) throws -> Void) throws {
            try needBusyBox()
            let machine = try machine()
            let directory = machine.root.appending("engine-\(uniqueProjectName())")
            try FileSystem.makeDirectories(directory)
            let (end, ready) = (directory.appending("end"), directory.appending("ready"))
            for fifo in [end, ready] {
                try #require(try Program.run("mkfifo", fifo.string).status == 0)
            }
            try machine.run(
                "image",
                "save",
                "--output",
                directory.appending("image.tar").string,
                "test/busybox"
            )
            let engine = try Program(
                [
                    // Opened for reading, too, since the other end may be closed by then.
                    "sh", "-c", "\"$@\"; echo 'it has exited' 1<>\"$0\"", ready.string,
                    "unshare", "--mount", "--net", "--pid", "--fork", "--kill-child",
                    "--mount-proc", "--propagation", "private", "sh", "-c", Self.script, "sh",
                    end.string, directory.string,
                ]
            )
            let result = Result {
                let fault = try FileSystem.readText(ready).trimmingNewlines
                // The engine ends when this is closed.
                let held = try Descriptor.open(end, [.writing])
                defer { withExtendedLifetime(held) {} }
                if !fault.isEmpty { try Test.cancel("dockerd does not run here: \(fault)") }
                try body(Engine(host: "unix://\(directory)/socket", machine: machine))
            }
            _ = try engine.outcome()
            try FileSystem.removeTree(directory)
            try result.get()
        }

        private static func file(version: String, command: String = "sleep 1000") -> String {
            """
            services:
              web:
                image: test/busybox
                command: \(command)
                init: true
                environment: {VERSION: "\(version)"}
                secrets: [token]
                depends_on: {db: {condition: service_healthy}}
                deploy:
                  endpoint_mode: dnsrr
                  restart_policy: {condition: any, delay: 100ms}
                  update_config: {failure_action: rollback, monitor: 3s}
              db:
                image: test/busybox
                command: sleep 1000
                init: true
                healthcheck: {test: "true", interval: 500ms}
                deploy: {endpoint_mode: dnsrr}
            secrets: {token: {environment: PATH}}
            """
        }

        @Test func `a stack is deployed, updated, rolled back and removed`() throws {
            try withEngine { engine in
                let first = try engine.stack(
                    Self.file(version: "1"),
                    "deploy",
                    "--resolve-image",
                    "never",
                    "demo"
                )
                #expect(first.status == 0, "\(first)")
                let services = try engine.stack(
                    Self.file(version: "1"),
                    "services",
                    "--format",
                    "{{.Name}} {{.Replicas}}",
                    "demo"
                )
                #expect(services.output == "demo_db 1/1\ndemo_web 1/1\n", "\(services)")

                let again = try engine.stack(
                    Self.file(version: "1"),
                    "deploy",
                    "--resolve-image",
                    "never",
                    "demo"
                )
                #expect(again.status == 0, "\(again)")
                #expect(again.errors.contains("demo_web  Unchanged"), "\(again)")
                #expect(!again.errors.contains("Updat"), "\(again)")

                let second = try engine.stack(
                    Self.file(version: "2"),
                    "deploy",
                    "--resolve-image",
                    "never",
                    "demo"
                )
                #expect(second.status == 0, "\(second)")
                #expect(second.errors.contains("demo_web  Updated"), "\(second)")
                #expect(second.errors.contains("demo_db  Unchanged"), "\(second)")

                let failing = try engine.stack(
                    Self.file(version: "3", command: "/nosuch"),
                    "deploy",
                    "--resolve-image",
                    "never",
                    "demo"
                )
                #expect(failing.status == 1, "\(failing)")
                #expect(failing.errors.contains("rollback_completed"), "\(failing)")

                let removal = try engine.stack(Self.file(version: "1"), "rm", "demo")
                #expect(removal.status == 0, "\(removal)")
                for kind in ["service", "secret", "config"] {
                    #expect(try engine.docker(kind, "ls", "--quiet").output == "")
                }
                let networks = try engine.docker("network", "ls", "--format", "{{.Name}}")
                #expect(!networks.output.contains("demo"), "\(networks)")
                #expect(try engine.stack(Self.file(version: "1"), "ls").output.hasPrefix("NAME"))

                let directory = engine.machine.root.appending("stack-\(uniqueProjectName())")
                let compose = directory.appending("compose.yaml")
                try FileSystem.makeDirectories(directory)
                try AtomicFile.write(Array(Self.file(version: "1").utf8), to: compose)
                try engine.machine.run(
                    "--file",
                    compose.string,
                    "bridge",
                    "convert",
                    "--target",
                    "swarm",
                    "--output",
                    directory.appending("out").string
                )
                let deployed = try engine.docker(
                    "stack",
                    "deploy",
                    "--resolve-image",
                    "never",
                    "--compose-file",
                    directory.appending("out/stack.yaml").string,
                    "other"
                )
                #expect(deployed.status == 0, "\(deployed)")
                #expect(try engine.docker("stack", "rm", "other").status == 0)
                try FileSystem.removeTree(directory)
            }
        }

        @Test func `an engine that cannot be reached is named`() throws {
            let machine = try machine()
            let outcome = try machine.attempt(["stack", "ls", "--host", "unix:///nosuch/socket"])
            #expect(outcome.status == 1)
            #expect(
                outcome.errors.contains("cannot reach the engine at unix:///nosuch/socket"),
                "\(outcome)"
            )
        }
    }
}

extension String {
    fileprivate var trimmingNewlines: String { String(prefix { !$0.isNewline }) }
}
