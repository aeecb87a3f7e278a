import ContainerRuntime
import Testing

struct UserDatabaseTests {
    private let database = UserDatabase(
        passwd: """
            root:x:0:0:root:/root:/bin/sh
            app:x:1000:1001::/home/app:/bin/sh
            bare:x:5:6
            broken
            nobody:x:notanumber:3::/
            42:x:7:7::/seven:
            """,
        group: "root:x:0:\napps:x:1001:\nstaff:x:50:app,root\nbad:x:y:\nwheel:x:10:root,app"
    )

    @Test func `a user has a primary group, supplementary groups and a home directory`() throws {
        let identity = try database.identity(of: "app")
        #expect(identity.user == 1000 && identity.group == 1001)
        #expect(identity.groups == [1001, 50, 10] && identity.home == "/home/app")
    }

    @Test func `a specified group replaces all groups of the user`() throws {
        let identity = try database.identity(of: "app:staff")
        #expect(identity.group == 50 && identity.groups == [50])
    }

    @Test func `the default user is root, with the groups of the image`() throws {
        let identity = try database.identity(of: "")
        #expect(identity.user == 0 && identity.groups == [0, 50, 10] && identity.home == "/root")
        let empty = try UserDatabase(passwd: "", group: "").identity(of: "")
        #expect(empty.user == 0 && empty.groups == [0] && empty.home == "/")
    }

    @Test func `a numeric user need not exist in the database`() throws {
        let unknown = try database.identity(of: "4711:815")
        #expect(unknown.user == 4711 && unknown.group == 815 && unknown.home == "/")
        #expect(try database.identity(of: "1000").home == "/home/app")
    }

    @Test func `a name of digits takes precedence over a number`() throws {
        #expect(try database.identity(of: "42").user == 7)
    }

    @Test func `a line with too few fields is a user without a home directory`() throws {
        #expect(try database.identity(of: "bare").home == "/")
    }

    @Test func `additional groups are found by name or number and deduplicated`() throws {
        let identity = try database.identity(of: "app", additionalGroups: ["wheel", "99", "99"])
        #expect(identity.groups == [1001, 50, 10, 99])
    }

    @Test(arguments: ["ghost", "nobody", "broken"])
    func `an unknown user is named in the error`(name: String) {
        let error = #expect(throws: RuntimeError.self) { try database.identity(of: name) }
        #expect(error == .userNotFound(name))
    }

    @Test func `an unknown group is named in the error`() {
        let error = #expect(throws: RuntimeError.self) { try database.identity(of: "app:ghosts") }
        #expect(error == .groupNotFound("ghosts"))
    }
}
