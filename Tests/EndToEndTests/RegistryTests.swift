import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// `push`, `pull` and `up` with docker's own registry.
    @Suite(
        .enabled(
            if: FileSystem.exists("/usr/bin/docker-registry"),
            "Debian's package docker-registry is not installed"
        )
    )
    struct RegistryTests {
        @Test func `a pushed image can be pulled`() throws {
            try needBusyBox()
            try withRegistry { authority in
                let image = "\(authority)/team/app:1"
                try withProject(["compose.yaml": services(image)]) { project in
                    let machine = project.machine
                    try machine.run("image", "tag", "test/busybox", image)
                    try project.compose("push")
                    try machine.run("image", "rm", image)

                    try project.compose("up", "--detach", "--no-build")
                    #expect(try machine.run("image", "ls", "--quiet", image).isEmpty == false)
                    try project.compose("down")
                    try machine.run("image", "rm", image)

                    let outcome = try project.attempt(["pull", "app", "other"])
                    #expect(outcome.status == 1)
                    #expect(outcome.errors.contains("team/none:1: not found in the registry"))
                    #expect(outcome.errors.contains("swiftcompose build app"))
                    #expect(try machine.run("image", "ls", "--quiet", image).isEmpty == false)
                    let lenient = try project.attempt(["pull", "other", "--ignore-pull-failures"])
                    #expect(lenient.status == 0)
                    try machine.run("image", "rm", image)
                }
            }
        }

        @Test func `a missing image is reported with its location in the file`() throws {
            try withRegistry { authority in
                let file = "services:\n  app:\n    image: \(authority)/team/none:1\n"
                try withProject(["compose.yaml": file]) { project in
                    let outcome = try project.attempt(["up", "--detach"])
                    #expect(outcome.status == 1)
                    #expect(outcome.errors.contains("compose.yaml:3:5"))
                    #expect(outcome.errors.contains("not found in the registry"))
                }
            }
        }

        @Test func `images are pulled in parallel until one is missing`() throws {
            try needBusyBox()
            try withRegistry { authority in
                let names = ["a", "b", "c"]
                let lines = names.map { name in
                    "  \(name): {image: \(authority)/team/\(name):1, command: [sleep, '60']}\n"
                }
                try withProject(["compose.yaml": "services:\n" + lines.joined()]) { project in
                    let machine = project.machine
                    for name in names {
                        let image = "\(authority)/team/\(name):1"
                        try machine.run("image", "tag", "test/busybox", image)
                        if name != "c" { try machine.run("image", "push", image) }
                        try machine.run("image", "rm", image)
                    }
                    let missing = try project.attempt(["up", "--detach"])
                    #expect(missing.status == 1)
                    #expect(missing.errors.contains("compose.yaml:4:"), "\(missing)")
                    #expect(missing.errors.contains("team/c:1"), "\(missing)")
                    #expect(try project.compose("ps", "--all", "--quiet").isEmpty)

                    let two = ["--parallel", "1", "up", "--detach", "a", "b"]
                    #expect(try project.attempt(two).status == 0)
                    #expect(try project.compose("ps", "--services") == "a\nb\n")
                    try project.compose("down", "--rmi", "all", "--timeout", "0")
                }
            }
        }

        @Test func `config pins images by the registry's digests`() throws {
            try needBusyBox()
            try withRegistry { authority in
                let image = "\(authority)/team/app:1"
                let known = "sha256:" + String(repeating: "ab", count: 32)
                let file = """
                    services:
                      app: {image: '\(image)', command: [sleep, '60']}
                      pinned: {image: 'some:1@\(known)'}
                      built: {build: .}
                    """
                try withProject(["compose.yaml": file]) { project in
                    let machine = project.machine
                    try machine.run("image", "tag", "test/busybox", image)
                    try machine.run("image", "push", image)
                    try machine.run("image", "rm", image)

                    let whole = try project.compose("config", "--resolve-image-digests")
                    let pin = /image: (127\S+:1@sha256:\w{64})\n/
                    let pinned = try #require(whole.firstMatch(of: pin)?.1)
                    #expect(pinned.hasPrefix(image))
                    #expect(whole.contains("    command:"))
                    try machine.run("image", "pull", String(pinned))
                    let locked = try project.compose("config", "--lock-image-digests")
                    let expected = """
                        services:
                          app:
                            image: \(pinned)
                          built: {}
                          pinned:
                            image: docker.io/library/some@\(known)

                        """
                    #expect(locked == expected)
                    let lock = ["config", "--lock-image-digests", "--no-interpolate"]
                    let raw = try project.attempt(lock).output
                    #expect(raw.contains("    image: \(pinned)\n"), "\(raw)")
                    #expect(!raw.contains("command:"), "\(raw)")
                }
                let missing = file.replacing("app:1", with: "none:1")
                try withProject(["compose.yaml": missing]) { project in
                    let outcome = try project.attempt(["config", "--resolve-image-digests"])
                    #expect(outcome.status == 1)
                    #expect(outcome.errors.contains("compose.yaml:2:"), "\(outcome)")
                    #expect(outcome.errors.contains("team/none:1"), "\(outcome)")
                    #expect(outcome.output == "")
                }
            }
        }

        @Test func `build --push pushes all names`() throws {
            try needBusyBox()
            try withRegistry { authority in
                let names = ["\(authority)/team/built:1", "\(authority)/team/built:2"]
                let files = [
                    "compose.yaml": """
                    services:
                      app:
                        image: \(names[0])
                        build: {context: ., tags: ['\(names[1])']}
                      local: {build: .}
                    """,
                    "Dockerfile": "FROM test/busybox\nRUN echo \(authority) > /built\n",
                ]
                try withProject(files) { project in
                    let usual = ["--progress=plain", "--provenance=false", "--builder", "x"]
                    let build = try project.attempt(["build", "--push"] + usual)
                    #expect(build.status == 0, "\(build)")
                    #expect(!build.errors.contains("attestations"), "\(build)")
                    for name in names {
                        try project.machine.run("image", "rm", name)
                        try project.machine.run("image", "pull", name)
                        try project.machine.run("image", "rm", name)
                    }
                    try project.machine.run("image", "rm", "\(project.name)-local")
                }
            }
        }

        private func services(_ image: String) -> String {
            """
            services:
              app:
                image: \(image)
                build: .
                command: [sleep, "600"]
                stop_grace_period: 0s
              other:
                image: \(image.replacing("app", with: "none"))
                profiles: [more]
            """
        }

        /// Runs a registry until `body` returns.
        private func withRegistry(_ body: (_ authority: String) throws -> Void) throws {
            let port = try FreePort.any()
            let directory = try machine().root.appending("registry-\(port)")
            try FileSystem.makeDirectories(directory)
            let file = directory.appending("config.yml")
            let text = """
                version: 0.1
                storage: {filesystem: {rootdirectory: "\(directory)/data"}}
                http: {addr: "127.0.0.1:\(port)"}
                """
            try AtomicFile.write(Array(text.utf8), to: file)
            let registry = try Program(
                ["/usr/bin/docker-registry", "serve", file.string],
                environment: ["OTEL_TRACES_EXPORTER": "none"]
            )
            let result = Result { try body("127.0.0.1:\(port)") }
            try registry.process.send(.terminate)
            _ = try registry.outcome()
            try FileSystem.removeTree(directory)
            try result.get()
        }
    }
}
