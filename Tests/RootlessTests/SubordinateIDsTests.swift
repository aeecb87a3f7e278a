import SystemPackage
import Testing

@testable import Rootless

@Suite struct SubordinateIDsTests {
    private let text = """
        other:100000:65536
        alice:165536:65536
        1000:300000:10
        alice:bad:5
        """

    @Test func `ranges are found by name and by id`() {
        let ids = SubordinateIDs(parsing: text, name: "alice", user: 1000)
        #expect(
            ids.ranges == [.init(first: 165_536, count: 65_536), .init(first: 300_000, count: 10)]
        )
        #expect(ids.count == 65_546)
    }

    @Test func `ranges follow each other behind the user's own id`() {
        let ids = SubordinateIDs(parsing: text, name: "alice", user: 1000)
        let arguments = ids.arguments(process: 7, own: 1000)
        let expected = "7 0 1000 1 1 165536 65536 65537 300000 10"
        #expect(arguments == expected.split(separator: " ").map(String.init))
    }

    private func failure(users: String, groups: String) -> RootlessError? {
        do throws(RootlessError) {
            _ = try SubordinateIDs.read(users: users, groups: groups, name: "bob", user: 7)
            return nil
        } catch {
            return error
        }
    }

    @Test func `one command assigns ids of both kinds that are free`() {
        let error = failure(users: "alice:100000:65536\n", groups: "alice:200000:65536\n")
        #expect(
            error?.remedies == [
                "usermod --add-subuids 265536-331071 --add-subgids 265536-331071 bob"
            ]
        )
        #expect(error?.description.hasPrefix("/etc/subuid and /etc/subgid assign no ids") == true)
    }

    @Test func `too few ids of one kind are described with both numbers`() {
        let error = failure(users: "bob:100000:65536\n", groups: "bob:100000:1000\n")
        #expect(error?.remedies == ["usermod --add-subgids 165536-231071 bob"])
        #expect(error?.description.contains("only 1000 ids to user bob") == true)
        #expect(error?.description.contains("65535") == true)
    }

    @Test func `the first user is assigned the ids that the system's tools begin with`() {
        let error = failure(users: "", groups: "malformed\nbob:x:y\n")
        #expect(error?.remedies.first?.contains("100000-165535") == true)
    }

    @Test func `enough ids are read`() {
        #expect(failure(users: "7:5:65535\n", groups: "bob:5:65535\n") == nil)
    }

    @Test func `the run-time directory is that of the session`() {
        let path = UserDirectories.runtime(["XDG_RUNTIME_DIR": "/run/user/7"], user: 7)
        #expect(path == "/run/user/7/swiftcompose")
    }
}
