import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// `export` and `commit`.
    @Suite struct ExportTests {
        private let services = """
            services:
              maker:
                image: test/busybox
                stop_grace_period: 0s
                command:
                  - sh
                  - -c
                  - |
                    mkdir -p /made/deep
                    echo made > /made/deep/file
                    rm /bin/wc
                    echo hidden > /vol/hidden
                    echo ready
                    exec sleep 600
                volumes: ["/vol"]
                working_dir: /made
                environment: {KIND: original}

            """

        @Test(arguments: [true, false])
        func `an export contains only the container's own files`(isRunning: Bool) throws {
            try needBusyBox()
            try withProject(["compose.yaml": services]) { project in
                try project.compose("up", "--detach")
                try project.awaitLog("ready")
                if !isRunning { try project.compose("stop") }
                let path = project.directory.appending("all.tar").string
                try project.compose("export", "--output", path, "maker")
                let names = try Program.run("tar", "tf", path).output.split(separator: "\n")
                #expect(names.contains("made/deep/file"))
                #expect(names.contains("bin/sh"))
                #expect(names.contains("vol/"))
                #expect(!names.contains("vol/hidden") && !names.contains("bin/wc"))
                #expect(!names.contains { $0.hasPrefix("proc/") && $0 != "proc/" })
            }
        }

        @Test func `a committed container becomes an image that runs`() throws {
            try needBusyBox()
            try withProject(["compose.yaml": services]) { project in
                try project.compose("up", "--detach")
                try project.awaitLog("ready")
                let name = "test/\(project.name)"
                let id = try project.compose(
                    "commit",
                    "--author",
                    "me",
                    "--message",
                    "as it stands",
                    "--change",
                    "CMD [\"sh\", \"-c\", \"cat deep/file; ls /bin/wc; echo $KIND\"]",
                    "--change",
                    "ENV KIND=changed",
                    "--change",
                    "HEALTHCHECK NONE",
                    "maker",
                    name
                )
                #expect(id.hasPrefix("sha256:"))
                // The container continues to run.
                let state = try project.compose("ps", "--format", "{{.State}}")
                #expect(state == "running\n")
                let other = "services:\n  copy: {image: \(name), network_mode: none}\n"
                try withProject(["compose.yaml": other]) { copy in
                    let outcome = try copy.attempt(["up"])
                    #expect(outcome.output.contains("copy-1  | made"), "\(outcome)")
                    #expect(outcome.output.contains("copy-1  | changed"), "\(outcome)")
                    let all = outcome.output + outcome.errors
                    #expect(all.contains("/bin/wc: No such file"), "\(outcome)")
                    let text = try copy.machine.run("image", "inspect", name)
                    #expect(text.contains("as it stands"), "\(text)")
                }
                try project.machine.run("image", "rm", "--force", name)
            }
        }

        @Test func `an invalid --change is rejected`() throws {
            try needBusyBox()
            try withProject(["compose.yaml": services]) { project in
                try project.compose("create")
                let outcome = try project.attempt(["commit", "-c", "RUN true", "maker"])
                #expect(outcome.status == 1, "\(outcome)")
                #expect(outcome.errors.contains("RUN is not a valid change"), "\(outcome)")
            }
        }
    }
}
