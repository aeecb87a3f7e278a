import SystemPackage
import Testing

extension EndToEnd {
    /// The part of a project that a command acts on.
    @Suite struct SelectionTests {
        @Test func `a dependency left out by --no-deps is not an orphan`() throws {
            try needBusyBox()
            try withProject(["compose.yaml": Self.pair]) { project in
                try project.compose("up", "--detach")
                for command in [
                    ["up", "--detach", "--no-deps", "--remove-orphans", "app"],
                    ["run", "--rm", "--no-deps", "--remove-orphans", "-T", "app", "true"],
                    ["scale", "--no-deps", "app=1"],
                ] {
                    let outcome = try project.attempt(command)
                    #expect(outcome.status == 0, "\(outcome)")
                    #expect(!outcome.errors.contains("orphan"), "\(outcome)")
                    let running = try project.compose("ps", "--services", "--status", "running")
                    #expect(Set(running.split(separator: "\n")) == ["app", "db"], "\(command)")
                }
            }
        }

        @Test func `a command without services leaves those of other files alone`() throws {
            try needBusyBox()
            let files = [
                "a.yaml": "services: {old: {image: test/busybox, command: sleep 1000, init: true}}",
                "b.yaml": "services: {new: {image: test/busybox, command: sleep 1000, init: true}}",
            ]
            try withProject(files) { project in
                let attempt = { (file: String, command: [String]) in
                    try project.machine.attempt(
                        ["--project-name", project.name]
                            + ["--file", project.directory.appending(file).string] + command
                    )
                }
                for file in files.keys {
                    let outcome = try attempt(file, ["up", "--detach"])
                    try #require(outcome.status == 0, "\(outcome)")
                }
                // An ordinary user's containers cannot be paused.
                let pauses = Machine.user == nil ? [["pause"], ["unpause"]] : []
                for command in pauses + [
                    ["restart", "--timeout", "0"], ["kill"], ["start"],
                    ["stop", "--timeout", "0"], ["rm", "--stop", "--force"],
                ] {
                    let outcome = try attempt("b.yaml", command)
                    #expect(outcome.status == 0, "\(command): \(outcome)")
                    let state = try attempt("a.yaml", ["ps", "--format", "{{.State}}", "old"])
                    #expect(state.output == "running\n", "\(command): \(state)")
                }
            }
        }

        @Test func `starting a service starts its dependencies and waits for them`() throws {
            try needBusyBox()
            try withProject(["compose.yaml": Self.pair]) { project in
                try project.compose("create")
                try project.compose("start", "app")
                let states = try project.compose("ps", "--format", "{{.Service}} {{.Health}}")
                #expect(Set(states.split(separator: "\n")) == ["app ", "db healthy"])
            }
        }

        @Test func `starting a project without containers is an error`() throws {
            try withProject(["compose.yaml": Self.pair]) { project in
                let outcome = try project.attempt(["start"])
                #expect(outcome.status == 1)
                #expect(outcome.errors.contains("has no container to start"), "\(outcome)")
            }
        }

        @Test func `building one service builds the services of its contexts`() throws {
            try needBusyBox()
            let build = { (from: String, context: String) in
                "{context: ., dockerfile_inline: 'FROM \(from)', additional_contexts: {\(context)}}"
            }
            let file = """
                services:
                  top: {build: \(build("dep", "dep: 'service:dep'")), command: ['true']}
                  dep: {build: \(build("sub", "sub: 'service:sub'"))}
                  sub: {build: {context: ., dockerfile_inline: FROM test/busybox}}
                """
            try withProject(["compose.yaml": file]) { project in
                try project.compose("build", "top")
                try project.compose("up", "--detach", "top")
                let services = try project.compose("ps", "--all", "--services")
                #expect(services == "top\n")
                try project.compose("down", "--rmi", "all")
            }
        }

        private static let pair = """
            services:
              app:
                image: test/busybox
                command: sleep 1000
                init: true
                depends_on: {db: {condition: service_healthy}}
              db:
                image: test/busybox
                command: sleep 1000
                init: true
                healthcheck: {test: 'true', interval: 1s, start_interval: 100ms, start_period: 9s}
            """
    }
}
