import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// `stats`, once.
    @Suite struct StatsTests {
        private let services = """
            services:
              busy:
                image: test/busybox
                command: [sh, -c, "echo ready; while :; do :; done"]
                stop_grace_period: 0s
                mem_limit: 64m
              idle:
                image: test/busybox
                command: ["true"]

            """

        @Test func `stats shows usage in docker's format`() throws {
            try needBusyBox()
            try withProject(["compose.yaml": services]) { project in
                try project.compose("up", "--detach")
                try project.awaitLog("ready")
                let name = "\(project.name)-busy-1"
                let line = try project.compose("stats", "--no-stream", "--format", "json", "busy")
                #expect(line.contains("\"Name\":\"\(name)\""), "\(line)")
                #expect(line.contains(" / 64MiB\""), "\(line)")
                #expect(!line.contains("\"CPUPerc\":\"0.00%\""), "\(line)")
                #expect(line.contains("\"PIDs\":\"1\""), "\(line)")

                let table = try project.compose("stats", "--no-stream", "--all")
                #expect(table.hasPrefix("CONTAINER ID   NAME"), "\(table)")
                #expect(table.contains("\(project.name)-idle-1"), "\(table)")
                let format = "{{.Name}} {{.MemUsage}}"
                let all = try project.compose("stats", "--no-stream", "-a", "--format", format)
                #expect(all.contains("\(project.name)-idle-1 0B / 0B\n"), "\(all)")
            }
        }
    }
}
