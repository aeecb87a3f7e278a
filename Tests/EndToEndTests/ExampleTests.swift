import Testing

extension EndToEnd {
    /// The website, its API and the database behind it.
    @Suite struct ExampleTests {
        @Test func `one command brings up a page with what the database holds`() throws {
            try withWebsite { website in
                let page = try website.get("website")
                #expect(page.contains("<h1>Planets</h1>"))
                #expect(page.contains("<td>Saturn</td><td>274</td>"))
                #expect(try website.get("api", "/planets").contains("Jupiter"))
            }
        }

        @Test func `commands tell about a running project`() throws {
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

        @Test func `exec runs in the container and hands on its exit status`() throws {
            try withWebsite { website in
                let name = try website.compose("exec", "-T", "api", "sh", "-c", "id -un; pwd")
                #expect(name == "api\n/app\n")
                let status = try website.attempt(["exec", "-T", "api", "sh", "-c", "exit 7"]).status
                #expect(status == 7)
                let addresses = try website.compose(
                    "exec",
                    "-T",
                    "website",
                    "getent",
                    "hosts",
                    "api"
                )
                #expect(addresses.contains("api"))
            }
        }

        @Test func `data outlives down and goes with down -v`() throws {
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
                let identities = try website.compose("ps", "--quiet")
                let again = try website.attempt(["up", "--detach", "--wait", "--build"])
                #expect(again.status == 0, "\(again)")
                #expect(try website.compose("ps", "--quiet") == identities)
            }
        }

        @Test func `down leaves nothing behind`() throws {
            let root = try machine().root
            try withWebsite { website in
                // Now everything is there that stays: images, the build cache, locks.
                try website.compose("down", "--volumes")
                let before = try HostSnapshot(root: root)
                try website.compose("up", "--detach", "--wait")
                let during = try HostSnapshot(root: root)
                try website.compose("down", "--volumes")
                let ours = during.things.subtracting(before.things)
                // Supervisor and keeper end when the last command has hung up.
                try HostSnapshot.awaitEnd(ofProcesses: ours)
                let after = try HostSnapshot(root: root)
                #expect(ours.contains { $0.hasPrefix("link ") })
                #expect(ours.contains { $0.hasPrefix("rule ") })
                #expect(ours.contains { $0.hasPrefix("cgroup ") })
                #expect(ours.intersection(after.things).sorted() == [])
                #expect(after.emptyControlGroups(called: "swiftcompose") == [])
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
