import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// `cp`, with a container that tries to redirect it.
    @Suite struct CopyTests {
        private let hostile = """
            services:
              evil:
                image: test/busybox
                stop_grace_period: 0s
                command:
                  - sh
                  - -c
                  - |
                    mkdir -p /tree/sub /etc
                    echo inside > /etc/secret
                    ln -s /etc/secret /absolute
                    ln -s ../../../../../../../../etc/secret /upward
                    ln -s /etc /tree/away
                    mkfifo /pipe /tree/pipe
                    echo text > /tree/sub/file
                    echo kept > /vol/kept
                    echo ready
                    exec sleep 600
                volumes: ["data:/vol"]
                tmpfs: ["/memory"]
              still:
                image: test/busybox
                command: [sh, -c, "echo old > /made; echo old > /vol/made"]
                volumes: ["still:/vol"]
              closed:
                image: test/busybox
                stop_grace_period: 0s
                command: [sleep, "600"]
                read_only: true
                scale: 2
                volumes: ["/open"]
            volumes: {data: , still: }

            """

        @Test func `cp follows no link out of a running container and never blocks`() throws {
            try needBusyBox()
            try withProject(["compose.yaml": hostile, "plain": "mine\n", "out/.keep": ""]) {
                project in
                try project.compose("up", "--detach", "evil")
                try project.awaitLog("ready")
                let out = project.directory.appending("out")
                let secret = project.directory.appending("secret")
                try project.compose("cp", "-L", "evil:/absolute", out.appending("a").string)
                try project.compose("cp", "-L", "evil:/upward", out.appending("b").string)
                #expect(try FileSystem.readText(out.appending("a")) == "inside\n")
                #expect(try FileSystem.readText(out.appending("b")) == "inside\n")

                try project.compose("cp", "evil:/absolute", out.string)
                #expect(try FileSystem.readSymbolicLink(out.appending("absolute")) == "/etc/secret")
                try project.compose("cp", "evil:/pipe", out.string)
                #expect(try FileSystem.status(of: out.appending("pipe")).kind == .fifo)
                try project.compose("cp", "evil:/tree", out.string)
                let text = try FileSystem.readText(out.appending("tree/sub/file"))
                #expect(text == "text\n")
                try project.compose("cp", "evil:/tree/sub/.", secret.string)
                #expect(try FileSystem.entries(of: secret) == ["file"])

                // Into links to files and directories of the host, and over a FIFO.
                let plain = project.directory.appending("plain").string
                try project.compose("cp", plain, "evil:/absolute")
                try project.compose("cp", plain, "evil:/tree/away/")
                try project.compose("cp", plain, "evil:/pipe")
                try project.compose("cp", plain, "evil:/memory/")
                let seen = try project.compose(
                    "exec",
                    "--no-tty",
                    "evil",
                    "cat",
                    "/etc/secret",
                    "/etc/plain",
                    "/pipe",
                    "/memory/plain",
                    "/vol/kept"
                )
                #expect(seen == "mine\nmine\nmine\nmine\nkept\n")
                #expect(!FileSystem.exists("/etc/plain"))
            }
        }

        @Test func `cp works with stopped containers and their volumes`() throws {
            try needBusyBox()
            try withProject(["compose.yaml": hostile, "plain": "mine\n", "out/.keep": ""]) {
                project in
                try project.compose("up", "still")
                let plain = project.directory.appending("plain").string
                let mounts = try FileSystem.readText("/proc/self/mountinfo")
                #expect(try project.compose("cp", "still:/vol/made", "-").contains("old\n"))
                try project.compose("cp", plain, "still:/made")
                try project.compose("cp", plain, "still:/vol/")
                #expect(try project.compose("cp", "still:/made", "-").contains("mine\n"))
                let volume = project.machine.root
                    .appending("lib/volumes/\(project.name)_still/_data/plain")
                #expect(try FileSystem.readText(volume) == "mine\n")
                #expect(try FileSystem.readText("/proc/self/mountinfo") == mounts)
            }
        }

        @Test func `cp writes only to volumes of a read-only container`() throws {
            try needBusyBox()
            try withProject(["compose.yaml": hostile, "plain": "mine\n", "out/.keep": ""]) {
                project in
                try project.compose("up", "--detach", "closed")
                let plain = project.directory.appending("plain").string
                let refused = try project.attempt(["cp", plain, "closed:/new"])
                #expect(refused.status == 1, "\(refused)")
                #expect(refused.errors.contains("is read-only"), "\(refused)")
                try project.compose("cp", plain, "closed:/open/")
                for number in ["1", "2"] {
                    let text = try project.compose(
                        "exec",
                        "--no-tty",
                        "--index",
                        number,
                        "closed",
                        "cat",
                        "/open/plain"
                    )
                    #expect(text == "mine\n")
                }
            }
        }

        @Test(arguments: [
            ["cp", "evil:/nowhere", "."]: "Could not find the file /nowhere in container",
            ["cp", "evil:/bin/sh/", "."]: "not a directory",
            ["cp", "nobody:/x", "."]: "no such service: nobody",
            ["cp", "still:/x", "."]: "no container found for service \"still\"",
            ["cp", "a", "b"]: "unknown copy direction",
            ["cp", "evil:/a", "evil:/b"]: "copying between services is not supported",
        ])
        func `an invalid copy is reported`(arguments: [String], expected: String) throws {
            try needBusyBox()
            try withProject(["compose.yaml": hostile]) { project in
                try project.compose("create", "evil")
                let outcome = try project.attempt(arguments)
                #expect(outcome.status == 1, "\(outcome)")
                #expect(outcome.errors.contains(expected), "\(outcome)")
            }
        }
    }
}
