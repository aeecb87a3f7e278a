import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// Ordinary users for whom the machine is not prepared.
    @Suite(.enabled(if: canRunAsOrdinaryUser, "needs /dev/net/tun, uidmap and passt"))
    struct UnprivilegedTests {
        @Test func `the command that assigns ids is printed by every command and works`() throws {
            try withOrdinaryUser(subordinateIDs: false) { user in
                for command in ["ls", "ps", "up", "image ls", "exec web true", "system df"] {
                    let outcome = try user.shell("exec $PROGRAM \(command)")
                    #expect(outcome.status == 1, "\(command): \(outcome)")
                    #expect(outcome.output.isEmpty, "\(command): \(outcome)")
                    #expect(outcome.errors.contains("assign no ids"), "\(command): \(outcome)")
                }
                #expect(try user.processes().isEmpty)
                let doctor = try user.attempt("doctor")
                #expect(doctor.status == 1)
                let lines = doctor.output.split(separator: "\n")
                let remedy = try #require(lines.first { $0.contains("fix: usermod") })
                let command = try #require(remedy.split(separator: "fix: ").last)
                let assigned = try Program.run("sh", "-c", String(command))
                #expect(assigned.status == 0, "\(assigned)")
                #expect(try user.attempt("ls").status == 0)
            }
        }

        /// Faults of the machine in a private mount namespace: a script for root, the user's
        /// environment, and a part of the message.
        static let faults = [
            (#"mount --bind "$DIR/closed" /dev/net/tun"#, "", "modprobe tun"),
            (hiding("newuidmap"), "", "apt-get install uidmap"),
            (hiding("pasta", "slirp4netns"), "", "apt-get install passt"),
            ("", "XDG_RUNTIME_DIR=$DIR/of-root", "belongs to user 0"),
            (#"mount --bind -o ro "$DIR" "$DIR""#, "", "Read-only file system"),
            (
                #"mount -t tmpfs -o mode=1777,nr_inodes=1 tmpfs "$DIR/of-root""#,
                "SWIFTCOMPOSE_ROOT=$DIR/of-root", "No space left on device"
            ),
        ]

        private static func hiding(_ programs: String...) -> String {
            let names = programs.map { "/usr/bin/\($0)" }.joined(separator: " ")
            return """
                mount -t tmpfs tmpfs "$DIR/of-root"
                mkdir "$DIR/of-root/upper" "$DIR/of-root/work"
                mount -t overlay overlay /usr/bin \
                    -o "lowerdir=/usr/bin,upperdir=$DIR/of-root/upper,workdir=$DIR/of-root/work"
                rm -f \(names)
                """
        }

        @Test(arguments: faults)
        func `a fault of the machine is one message with its remedy`(
            preparation: String,
            environment: String,
            message: String
        ) throws {
            try withOrdinaryUser { user in
                let files = """
                    export DIR=\(user.home)
                    mkdir -m 755 "$DIR/of-root"
                    install -m 0 /dev/null "$DIR/closed"

                    """
                let outcome = try user.shell(
                    "export DIR=\(user.home); \(environment) $PROGRAM up; status=$?; "
                        + "\(environment) $PROGRAM doctor; exit $status",
                    preparation: files + preparation
                )
                #expect(outcome.status == 1, "\(outcome)")
                #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome)")
                #expect(outcome.errors.contains(message), "\(outcome)")
                #expect(outcome.output.contains("problem"), "\(outcome)")
                #expect(try user.processes().isEmpty)
            }
        }
    }
}
