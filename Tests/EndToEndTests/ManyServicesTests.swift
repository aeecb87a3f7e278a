import Testing

extension EndToEnd {
    /// A project whose supervisor has more than 1,024 descriptors open, which select(2) cannot take.
    @Suite struct ManyServicesTests {
        @Test func `a hundred and twenty services start, and their names resolve`() throws {
            try needBusyBox()
            let services = (0..<120).map {
                "  s\($0): {image: test/busybox, command: [sleep, '86400'], init: true}\n"
            }
            try withProject(["compose.yaml": "services:\n" + services.joined()]) { project in
                try project.compose("up", "--detach")
                let states = try project.compose("ps", "--all", "--format", "{{.State}}")
                #expect(states == String(repeating: "running\n", count: 120))
                let answer = try project.compose("exec", "-T", "s0", "nslookup", "s119.")
                #expect(answer.contains("172."), "\(answer)")
            }
        }
    }
}
