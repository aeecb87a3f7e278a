import FoundationEssentials
import Linux
import SystemPackage
import Testing

extension EndToEnd {
    @Suite struct DoctorTests {
        private struct Finding: Decodable {
            var check: String
            var status: String
            var detail: String
            var remedies: [String]
        }

        private func findings(_ outcome: Outcome) throws -> [String: Finding] {
            let all = try JSONDecoder().decode([Finding].self, from: Data(outcome.output.utf8))
            let isFine = all.allSatisfy { $0.status != "problem" }
            #expect(outcome.status == (isFine ? 0 : 1), "\(outcome)")
            return Dictionary(all.map { ($0.check, $0) }) { one, _ in one }
        }

        @Test func `what root's containers need is found by trying`() throws {
            let found = try findings(try machine().attempt(["doctor", "--format", "json"]))
            for check in [
                "kernel", "namespaces", "seccomp", "overlay", "bridge", "firewall", "clock",
            ] {
                #expect(
                    found[check]?.status == "ok",
                    "\(check): \(String(describing: found[check]))"
                )
            }
            #expect(found["subordinate ids"] == nil)
        }

        @Test func `a data directory that cannot hold layers is a problem`() throws {
            let program = try machine().program.string
            let outcome = try Program.run(
                program,
                "doctor",
                environment: ["SWIFTCOMPOSE_ROOT": "/proc/self"]
            )
            #expect(outcome.status == 1)
            let lines = outcome.output.split(separator: "\n")
            #expect(lines.contains { $0.hasPrefix("problem  overlay") }, "\(outcome)")
            #expect(outcome.output.contains("fix: export SWIFTCOMPOSE_ROOT="), "\(outcome)")
        }

        @Test(.enabled(if: canRunAsOrdinaryUser, "needs /dev/net/tun, uidmap and passt"))
        func `an ordinary user's ids and programs are checked`() throws {
            try withOrdinaryUser { user in
                let found = try findings(try user.attempt("doctor", "--format", "json"))
                let checks = [
                    "user namespaces", "subordinate ids", "network program", "/dev/net/tun",
                    "run-time directory", "data directory", "overlay", "bridge", "firewall",
                ]
                for check in checks {
                    #expect(found[check]?.status == "ok", "\(String(describing: found[check]))")
                }
                let first = try FileSystem.readText("/proc/sys/net/ipv4/ip_unprivileged_port_start")
                if first == "1024\n" {
                    #expect(
                        found["privileged ports"]?.remedies
                            == ["sysctl -w net.ipv4.ip_unprivileged_port_start=80"]
                    )
                }
                #expect(try user.processes().isEmpty)
            }
        }
    }
}
