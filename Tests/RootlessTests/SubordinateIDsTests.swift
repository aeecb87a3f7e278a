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

    @Test func `a missing assignment is described with its remedy`() {
        let error = RootlessError(.noSubordinateIDs(file: "/etc/subgid", user: "bob"))
        #expect("\(error)".contains("usermod --add-subgids 100000-165535 bob"))
    }

    @Test func `the run-time directory is that of the session`() {
        let path = UserDirectories.runtime(["XDG_RUNTIME_DIR": "/run/user/7"], user: 7)
        #expect(path == "/run/user/7/swiftcompose")
    }
}
