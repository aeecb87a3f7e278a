import Testing

extension EndToEnd {
    /// The website, its API and the database behind it.
    @Suite struct ExampleTests {
        @Test func `one command brings up a page with the database's content`() throws {
            try withWebsite { website in
                let page = try website.get("website")
                #expect(page.contains("<h1>Planets</h1>"))
                #expect(page.contains("<td>Saturn</td><td>274</td>"))
                #expect(try website.get("api", "/planets").contains("Jupiter"))
            }
        }

        @Test func `ps and logs describe a running project`() throws {
            try withWebsite { website in
                let list = try website.compose("ps")
                for service in ["website", "api", "database"] {
                    #expect(list.contains("\(website.project)-\(service)-1"))
                }
                #expect(list.contains("(healthy)"))
                #expect(list.contains("\(website.ports["website"] ?? 0)->80/tcp"))
                let states = try website.compose("ps", "--format", "json")
                #expect(states.split(separator: "\n").count == 3)
                #expect(states.contains("\"Health\":\"healthy\""))

                let log = try website.compose("logs", "database")
                #expect(log.contains("database-1  | "))
                #expect(log.contains("database system is ready to accept connections"))
                #expect(!log.contains("website-1"))
            }
        }

        @Test func `exec runs in the container and returns its exit status`() throws {
            try withWebsite { website in
                let name = try website.compose("exec", "-T", "api", "sh", "-c", "id -un; pwd")
                #expect(name == "api\n/app\n")
                let status = try website.attempt(["exec", "-T", "api", "sh", "-c", "exit 7"]).status
                #expect(status == 7)
            }
        }

        @Test func `a service's name resolves to its container's address`() throws {
            try withWebsite { website in
                // One address for each of its two networks.
                let own = try website.compose("exec", "-T", "api", "hostname", "-I")
                let seen = try website.compose("exec", "-T", "website", "getent", "hosts", "api")
                let address = try #require(seen.split(separator: " ").first)
                #expect(own.split(separator: " ").contains(address), "\(own)")
            }
        }

        @Test func `data survives down and is removed by down -v`() throws {
            try withWebsite { website in
                let planet = #"{"name": "Pluto", "moons": 5}"#
                try website.post(planet, to: "api", "/planets")
                #expect(try website.get("website").contains("Pluto"))

                try website.compose("down")
                try website.compose("up", "--detach", "--wait")
                #expect(try website.get("website").contains("Pluto"))

                try website.compose("down", "--volumes")
                try website.compose("up", "--detach", "--wait")
                #expect(try !website.get("website").contains("Pluto"))
            }
        }

        @Test func `stopped services start again with their data and names`() throws {
            try withWebsite { website in
                let identities = try website.compose("ps", "--quiet")
                try website.compose("stop")
                #expect(try website.compose("ps", "--quiet").isEmpty)
                #expect(try website.compose("ps", "--all").contains("Exited"))

                try website.compose("start")
                try website.compose("up", "--detach", "--wait")
                #expect(try website.compose("ps", "--quiet") == identities)
                #expect(try website.get("website").contains("Earth"))

                try website.compose("restart", "api")
                try website.compose("up", "--detach", "--wait")
                #expect(try website.compose("ps", "--quiet") == identities)
                #expect(try website.get("website").contains("Earth"))
            }
        }

        @Test func `a second up changes nothing`() throws {
            try withWebsite { website in
                let processes = try mainProcesses(of: website)
                try #require(processes.count == 3)
                let again = try website.attempt(["up", "--detach", "--wait", "--build"])
                #expect(again.status == 0, "\(again)")
                #expect(try mainProcesses(of: website) == processes)
                for word in ["Created", "Recreated", "Started", "Stopped", "Removed"] {
                    #expect(!again.errors.contains("  \(word)"), "\(again)")
                }
            }
        }

        @Test func `down leaves nothing behind`() throws {
            let root = try machine().root
            try withWebsite { website in
                // Images, the build cache and lock files have been created by now, and are kept.
                try website.compose("down", "--volumes")
                let before = try HostSnapshot(root: root)
                try website.compose("up", "--detach", "--wait")
                let during = try HostSnapshot(root: root)
                try website.compose("down", "--volumes")
                let added = during.things.subtracting(before.things)
                // Supervisor and keeper exit once the last command has disconnected.
                try HostSnapshot.awaitEnd(ofProcesses: added)
                let after = try HostSnapshot(root: root)
                #expect(added.contains { $0.hasPrefix("link ") })
                #expect(added.contains { $0.hasPrefix("rule ") })
                #expect(added.contains { $0.hasPrefix("cgroup ") })
                #expect(added.intersection(after.things).sorted() == [])
                #expect(after.emptyControlGroups(called: "swiftcompose") == [])
            }
        }

        /// The lowest pid of each container, by service.
        private func mainProcesses(of website: Example) throws -> [Substring: Int] {
            let rows = try website.compose("top").split(separator: "\n").dropFirst()
            return rows.reduce(into: [:]) { processes, row in
                let cells = row.split(separator: " ")
                guard cells.count > 3, let pid = Int(cells[3]) else { return }
                processes[cells[0]] = min(pid, processes[cells[0]] ?? .max)
            }
        }

        private func withWebsite(_ body: (Example) throws -> Void) throws {
            try machine().needBaseImage()
            try withExample(
                "examples/website-api-database",
                publishing: ["website": 80, "api": 5000]
            ) { website in
                try website.compose("up", "--detach", "--wait", "--build")
                try body(website)
            }
        }
    }
}
