import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// A service that exceeds its memory limit.
    @Suite struct MemoryTests {
        private let glutton = """
            services:
              glutton:
                image: test/busybox
                mem_limit: 16m
                memswap_limit: 16m
                command: [sh, -c, "x=0123456789; while :; do x=$$x$$x; done"]

            """

        @Test func `a container that exceeds its memory limit is killed and reported`() throws {
            try needBusyBox()
            try withProject(["compose.yaml": glutton]) { project in
                let outcome = try project.attempt(["up"])
                let line = "glutton-1 exited with code 137 (out of memory)\n"
                #expect(outcome.output.contains(line), "\(outcome)")
                let logs = try project.compose("logs", "--follow", "--no-log-prefix")
                #expect(logs.isEmpty, "\(logs)")
                let status = try project.compose("ps", "--all", "--format", "{{.Status}}")
                #expect(
                    status.contains(/Exited \(137\) .* ago \(out of memory\)/),
                    "\(status)"
                )
                let format = "{{.State}} {{.ExitCode}}"
                let state = try project.compose("ps", "--all", "--format", format)
                #expect(state == "exited 137\n")
                let events = try project.compose("events", "--since", "1h", "--until", "0s")
                #expect(events.contains("container oom "), "\(events)")
                #expect(events.contains("exitCode=137"), "\(events)")
                let run = try project.attempt(["run", "--rm", "glutton"])
                #expect(run.status == 137)
                #expect(run.errors.contains("ran out of memory"), "\(run)")
            }
        }

        @Test func `a wait names the lack of memory`() throws {
            try needBusyBox()
            let waiting = glutton + "    healthcheck: {test: [\"CMD\", \"false\"]}\n"
            try withProject(["compose.yaml": waiting]) { project in
                let outcome = try project.attempt(["up", "--wait"])
                #expect(outcome.status == 1)
                #expect(outcome.errors.contains("exited (137, out of memory)"), "\(outcome)")
            }
        }
    }
}
