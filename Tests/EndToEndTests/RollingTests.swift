import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// Updates under load: `up --rolling` and `restart --rolling`.
    @Suite struct RollingTests {
        /// A web server whose page is its version, and a client that asks for it by name.
        private static func file(port: Int, order: String = "start-first") -> String {
            """
            services:
              web:
                image: test/busybox
                command:
                  - sh
                  - -c
                  - mkdir -p /www; echo $$VERSION > /www/index.html; exec $$SERVER
                environment:
                  VERSION: "${VERSION:-1}"
                  SERVER: "${SERVER:-httpd -f -p 80 -h /www}"
                stop_grace_period: 3s
                healthcheck:
                  {test: "wget -q -O - http://127.0.0.1/", interval: 200ms, retries: "${RETRIES:-50}"}
                ports: ["\(port):80"]
                deploy:
                  update_config:
                    order: \(order)
                    failure_action: "${ACTION:-pause}"
                  rollback_config: {order: \(order)}
              client:
                image: test/busybox
                command:
                  - sh
                  - -c
                  - |
                    while true; do
                      # A static program cannot look up names by glibc.
                      address=$$(nslookup web | sed -n 's/^Address: //p' | tail -n 1)
                      wget -q -O - "http://$$address/" || echo failed
                    done
                stop_grace_period: 0s
                depends_on: {web: {condition: service_healthy}}
            """
        }

        /// Asks two addresses of the host for the page, over and over, until its input ends, and
        /// prints each answer or error once with its number.
        private static let client = """
            import collections, os, sys, threading, urllib.request
            answers, ending = collections.Counter(), threading.Event()
            def ask(url):
                while not ending.is_set():
                    try: answers[urllib.request.urlopen(url, timeout=5).read().decode().strip()] += 1
                    except Exception as error: answers[f'{url}: {error!r}'] += 1
            threads = [threading.Thread(target=ask, args=[url]) for url in sys.argv[2:]]
            for thread in threads: thread.start()
            with open(sys.argv[1]) as end: end.read()
            ending.set()
            for thread in threads: thread.join()
            for answer, number in sorted(answers.items()): print(answer, number)
            """

        /// Calls `body` while clients send requests to the published port; returns the answers.
        private func answers(
            of project: ScratchProject,
            port: Int,
            during body: () throws -> Void
        ) throws -> Set<String> {
            let gateway = try project.compose("exec", "-T", "client", "ip", "route")
            let words = gateway.split(separator: " ")
            let address = try #require(words.firstIndex(of: "via").map { words[$0 + 1] })
            let fifo = project.directory.appending("end")
            try #require(try Program.run("mkfifo", fifo.string).status == 0)
            let clients = try Program(
                [
                    "python3", "-c", Self.client, fifo.string, "http://127.0.0.1:\(port)/",
                    "http://\(address):\(port)/",
                ]
            )
            let result = Result {
                // The clients end when this is closed.
                let end = try Descriptor.open(fifo, [.writing])
                defer { withExtendedLifetime(end) {} }
                try body()
            }
            let outcome = try clients.outcome()
            try FileSystem.removeFile(fifo)
            try result.get()
            let lines = outcome.output.split(separator: "\n")
            #expect(!lines.isEmpty, "\(outcome)")
            return Set(
                lines.map { line in
                    line.split(separator: " ").dropLast().joined(separator: " ")
                }
            )
        }

        @Test func `no request fails while a container is replaced start-first`() throws {
            try needBusyBox()
            let port = try FreePort.any()
            try withProject([
                "compose.yaml": Self.file(port: port), "two.env": "VERSION=2\n",
            ]) { project in
                let two = ["--env-file", project.directory.appending("two.env").string]
                try project.compose("up", "--detach", "--wait")
                let answers = try answers(of: project, port: port) {
                    let update = try project.attempt(two + ["up", "--rolling"])
                    #expect(update.status == 0, "\(update)")
                    #expect(update.errors.contains("Promoted"), "\(update)")
                    let again = try project.attempt(two + ["restart", "--rolling", "web"])
                    #expect(again.status == 0, "\(again)")
                }
                #expect(answers == ["1", "2"])
                let log = try project.compose("logs", "--no-log-prefix", "client")
                #expect(Set(log.split(separator: "\n")) == ["1", "2"])
                let containers = try project.compose("ps", "--all", "--quiet", "web")
                #expect(containers.split(separator: "\n").count == 1)
            }
        }

        @Test func `a failing update leaves the old container in place`() throws {
            try needBusyBox()
            let port = try FreePort.any()
            try withProject([
                "compose.yaml": Self.file(port: port),
                "bad.env": "VERSION=3\nSERVER=sleep 1000\nRETRIES=2\n",
            ]) { project in
                let bad = ["--env-file", project.directory.appending("bad.env").string]
                try project.compose("up", "--detach", "--wait")
                let former = try project.compose("ps", "--quiet", "web")
                let answers = try answers(of: project, port: port) {
                    let update = try project.attempt(bad + ["up", "--rolling"])
                    #expect(update.status == 1)
                    #expect(
                        update.errors.contains("update of service web failed"),
                        "\(update)"
                    )
                }
                #expect(answers == ["1"])
                #expect(try project.compose("ps", "--all", "--quiet", "web") == former)
            }
        }

        @Test func `without --rolling the attributes are reported`() throws {
            try needBusyBox()
            let file = Self.file(port: try FreePort.any())
            try withProject(["compose.yaml": file]) { project in
                let outcome = try project.attempt(["up", "--no-start"])
                let text = "ignored without --rolling: update_config, rollback_config"
                #expect(outcome.errors.contains(text), "\(outcome)")
            }
        }
    }
}
