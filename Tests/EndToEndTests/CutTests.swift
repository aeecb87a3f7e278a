import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// A crash before any change of disk or kernel state leaves a state that `up` or `down`
    /// repairs.
    @Suite struct CutTests {
        private static let text = """
            services:
              server:
                image: test/busybox
                command: [sh, -c, "trap 'exit 0' TERM; echo up; while true; do sleep 0.1; done"]
                volumes: ["content:/bin", "/anonymous"]
                networks: [front, back]
                ports: ["127.0.0.1::80"]
                configs: [greeting]
              client:
                image: test/busybox
                command: [sh, -c, "trap 'exit 0' TERM; while true; do sleep 0.1; done"]
                networks: [back]
                depends_on: [server]
            configs:
              greeting: {content: hello}
            volumes: {content: {}}
            networks: {front: {}, back: {}}
            """

        @Test(arguments: [Cut.Victim.command, .supervisor, .everything])
        func `a killed up is recovered`(victim: Cut.Victim) throws {
            try eachCut(["up", "--detach"], victim, some: 4) { project, number in
                // In turn, since both must be able to repair the project.
                if number % 2 == 0 {
                    try project.compose("up", "--detach")
                    try expectWhole(project)
                }
            } before: { _ in
            }
        }

        @Test(arguments: [Cut.Victim.command, .supervisor])
        func `a killed down is recovered`(victim: Cut.Victim) throws {
            try eachCut(["down", "--volumes"], victim, some: 4) { project, number in
                if number % 2 == 0 {
                    try project.compose("up", "--detach")
                    try expectWhole(project)
                }
            } before: { project in
                try project.compose("up", "--detach")
            }
        }

        /// Runs a command with a cut before each of its changes, or before some of them.
        private func eachCut(
            _ arguments: [String],
            _ victim: Cut.Victim,
            some: Int,
            _ body: (ScratchProject, Int) throws -> Void,
            before: (ScratchProject) throws -> Void
        ) throws {
            try needBusyBox()
            try withProject(["compose.yaml": Self.text]) { project in
                let cut = Cut(
                    machine: project.machine,
                    arguments: project.options + arguments,
                    victim: victim
                )
                try before(project)
                let count = try cut.make(at: 0).changes
                try project.compose("down", "--volumes")
                for number in Cut.places(upTo: count, some: some) {
                    try before(project)
                    let report = try cut.make(at: number)
                    let ids = try project.containerIDs()
                    do {
                        try body(project, number)
                        try project.compose("down", "--volumes")
                    } catch {
                        Issue.record("\(report): \(error)")
                        continue
                    }
                    let left = try project.remains() + project.groups(of: ids) + project.links()
                    #expect(left == [], "\(report)")
                }
            }
        }

        /// Checks that all containers run, are connected, and have their content.
        private func expectWhole(_ project: ScratchProject) throws {
            let running = try project.compose("ps", "--quiet").split(separator: "\n")
            #expect(running.count == 2)
            let count = "ls -A /bin | wc -l"
            let script = "cat /greeting; \(count); ip -o addr | grep -c 'inet '"
            let inside = try project.compose("exec", "-T", "server", "sh", "-c", script)
            let image = try project.compose("exec", "-T", "client", "sh", "-c", count)
            #expect(inside == "hello\(image)3\n")
            let answer = try project.compose("exec", "-T", "server", "nslookup", "client")
            #expect(answer.contains("Name:"), "\(answer)")
        }
    }
}

extension ScratchProject {
    /// The options that select the project.
    var options: [String] {
        ["--project-name", name, "--project-directory", directory.string]
            + ["--file", directory.appending("compose.yaml").string]
    }

    fileprivate func containerIDs() throws -> Set<String> {
        let containers = machine.root.appending("lib/projects/\(name)/containers")
        guard FileSystem.exists(containers) else { return [] }
        return Set(try FileSystem.entries(of: containers).filter { !$0.hasPrefix(".") })
    }

    /// Control groups of these containers.
    fileprivate func groups(of ids: Set<String>) throws -> [String] {
        let found = try Program.run("find", "/sys/fs/cgroup", "-type", "d").output
        return found.split(separator: "\n").map(String.init).filter { path in
            ids.contains { path.hasSuffix("/\($0)") }
        }
    }

    /// Interfaces whose alias names the project.
    fileprivate func links() throws -> [String] {
        let found = try Program.run("ip", "link").output
        return found.split(separator: "\n").map(String.init).filter { $0.contains(name) }
    }
}
