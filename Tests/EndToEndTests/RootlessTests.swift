import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// Everything as a user without privileges.
    @Suite(.enabled(if: canRunAsOrdinaryUser, "needs /dev/net/tun, uidmap and passt"))
    struct RootlessTests {
        private static let dockerfile = """
            FROM scratch
            COPY busybox /bin/busybox
            RUN ["/bin/busybox", "--install", "-s", "/bin"]
            RUN touch /of-other && chown 1234:4321 /of-other && rm -f /bin/ash
            CMD ["/bin/sh"]

            """

        private static let compose = """
            services:
              web:
                image: test/busybox
                command: [httpd, -f, -p, "80", -h, /site]
                volumes: [./site:/site]
                ports: ["127.0.0.1::80"]
                mem_limit: 64m
                extra_hosts: ["host.docker.internal:host-gateway"]
              other:
                image: test/busybox
                user: "1234"
                command: [sleep, "300"]

            """

        @Test func `an ordinary user builds, runs, reaches and removes a project`() throws {
            try withOrdinaryUser { user in
                try user.write(Self.dockerfile, to: "Dockerfile")
                try user.write(Self.compose, to: "compose.yaml")
                try user.write("hello", to: "site/index.html")
                _ = try Program.run("chown", "-R", "\(user.name):", user.home.string)
                try user.run("image", "build", "-t", "test/busybox", ".")
                let up = try user.attempt("up", "--detach")
                try #require(up.status == 0, "\(up)")
                #expect(up.errors.contains("mem_limit"), "\(up)")
                try check(user)
                try user.run("down", "--timeout", "1")
                let left = try user.processes()
                #expect(left.isEmpty, "left: \(left)")
                let files = try Program.run(
                    "find",
                    user.runtime.string,
                    "-type",
                    "s",
                    "-o",
                    "-name",
                    "*.pid"
                )
                #expect(files.output.isEmpty, "left: \(files.output)")
            }
        }

        @Test func `a killed holder is replaced in the same namespaces`() throws {
            try withOrdinaryUser { user in
                try user.write(Self.dockerfile, to: "Dockerfile")
                try user.write(Self.compose, to: "compose.yaml")
                try user.write("hello", to: "site/index.html")
                _ = try Program.run("chown", "-R", "\(user.name):", user.home.string)
                try user.run("image", "build", "-t", "test/busybox", ".")
                try user.run("up", "--detach")
                let killed = try Program.run("pkill", "-KILL", "-U", user.name, "-x", "holder")
                try #require(killed.status == 0, "\(killed)")
                let page = try user.run(
                    "run",
                    "--rm",
                    "-T",
                    "--no-deps",
                    "other",
                    "wget",
                    "-qO-",
                    "http://web/"
                )
                #expect(page == "hello")
                try check(user)
                // Statistics come from the processes, since there are no control groups.
                let usage = try user.run("stats", "--no-stream", "--format", "{{.PIDs}}", "web")
                #expect(usage == "1\n")
                try user.run("down", "--timeout", "1")
                let left = try user.processes()
                #expect(left.isEmpty, "left: \(left)")
            }
        }

        @Test(arguments: [
            ("ports: ['80:80']", "net.ipv4.ip_unprivileged_port_start=80"),
            ("devices: [/dev/kmsg]", "/dev/kmsg cannot be opened"),
        ])
        func `an attribute that needs root is refused before anything is created`(
            attribute: String,
            message: String
        ) throws {
            try withOrdinaryUser { user in
                try user.write(
                    "services: {web: {image: none, pull_policy: never, \(attribute)}}",
                    to: "compose.yaml"
                )
                let outcome = try user.attempt("create")
                #expect(outcome.status == 1)
                #expect(outcome.errors.contains("compose.yaml:1:"), "\(outcome)")
                #expect(outcome.errors.contains(message), "\(outcome)")
                #expect(try user.run("ps", "--all", "--quiet").isEmpty)
            }
        }

        private func check(_ user: OrdinaryUser) throws {
            let port = try user.run("port", "web", "80").filter { $0 != "\n" }
            let page = try Program.run(
                "python3",
                "-c",
                "import sys, urllib.request; "
                    + "print(urllib.request.urlopen('http://' + sys.argv[1]).read().decode())",
                port
            )
            #expect(page.output == "hello\n", "\(page)")
            let identity = try user.run("exec", "-T", "other", "id", "-u")
            #expect(identity == "1234\n")
            let owner = try user.run("exec", "-T", "web", "stat", "-c", "%u:%g", "/of-other")
            #expect(owner == "1234:4321\n")
            let names = try user.run("exec", "-T", "other", "wget", "-qO-", "http://web/")
            #expect(names == "hello")
            try user.run("exec", "-T", "web", "touch", "/site/made")
            let made = try FileSystem.status(of: user.home.appending("site/made"))
            let home = try FileSystem.status(of: user.home)
            #expect(made.owner == home.owner)
            let ran = try user.attempt("run", "--rm", "-T", "--no-deps", "other", "echo", "ran")
            #expect(ran.output == "ran\n", "\(ran)")
        }
    }
}

/// The device is accessible to all users where udev runs.
let canRunAsOrdinaryUser: Bool = {
    let programs = ["/usr/bin/newuidmap", "/usr/bin/pasta", "/usr/sbin/runuser"]
    guard programs.allSatisfy({ FileSystem.exists(FilePath($0)) }) else { return false }
    let tun = try? FileSystem.status(of: "/dev/net/tun")
    return tun.map { $0.mode & 0o666 == 0o666 } ?? false
}()
