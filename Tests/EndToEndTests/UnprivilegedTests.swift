import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// Commands of an ordinary user beside root's project.
    @Suite struct UnprivilegedTests {
        private static let user = "65534"

        /// Runs the program as a user without privileges, a home directory or `SWIFTCOMPOSE_ROOT`.
        private func attempt(_ project: ScratchProject, _ arguments: [String]) throws -> Outcome {
            let program = project.machine.program.string
            let home = project.directory.appending("home").string
            let credentials = [
                "setpriv", "--reuid", Self.user, "--regid", Self.user, "--clear-groups",
            ]
            let access = try Program(credentials + ["test", "-x", program]).outcome()
            try #require(access.status == 0, "\(program) is not accessible to ordinary users")
            return try Program(
                credentials
                    + ["env", "-u", "SWIFTCOMPOSE_ROOT", "-u", "XDG_RUNTIME_DIR", "HOME=\(home)"]
                    + [program, "-p", project.name] + arguments,
                limit: .seconds(30)
            ).outcome()
        }

        private func withHome(_ body: (ScratchProject) throws -> Void) throws {
            try needBusyBox()
            let service = "services: {web: {image: test/busybox, command: sleep 60}}"
            try withProject(["compose.yaml": service, "home/.keep": ""]) { project in
                let home = project.directory.appending("home")
                let id = try #require(UInt32(Self.user))
                try FileSystem.setOwner(of: home, user: id, group: id)
                try body(project)
            }
        }

        @Test(arguments: [
            ["ps"], ["ls"], ["logs"], ["images"], ["top"], ["volumes"], ["image", "ls"],
            ["system", "df"],
        ])
        func `a warning says that root's containers are not visible`(arguments: [String]) throws {
            try withHome { project in
                let outcome = try attempt(project, arguments)
                #expect(outcome.errors.contains("not visible"), "\(outcome)")
                #expect(outcome.errors.contains("sudo"), "\(outcome)")
            }
        }

        @Test(arguments: [
            ["up", "-d"], ["down"], ["stop"], ["image", "bootstrap", "debian:bookworm-slim"],
            ["image", "prune", "--force"],
        ])
        func `a change is refused at once, with the remedy`(arguments: [String]) throws {
            try withHome { project in
                let file = project.directory.appending("compose.yaml").string
                let options = arguments.first == "up" ? ["-f", file] : []
                let outcome = try attempt(project, options + arguments)
                #expect(outcome.status == 1, "\(outcome)")
                #expect(outcome.output.isEmpty, "\(outcome)")
                #expect(outcome.errors.contains("root"), "\(outcome)")
                // Nothing was begun before the refusal.
                #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome)")
            }
        }
    }
}
