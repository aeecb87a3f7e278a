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

    @Test func `a user brings his group, his supplementary groups and his home`() throws {
        let identity = try database.identity(of: "app")
        #expect(identity.user == 1000 && identity.group == 1001)
        #expect(identity.groups == [1001, 50, 10] && identity.home == "/home/app")
    }

    @Test func `a group that is named replaces all of them`() throws {
        let identity = try database.identity(of: "app:staff")
        #expect(identity.group == 50 && identity.groups == [50])
    }

    @Test func `who is not named is root, with the groups of the image`() throws {
        let identity = try database.identity(of: "")
        #expect(identity.user == 0 && identity.groups == [0, 50, 10] && identity.home == "/root")
        let nobody = try UserDatabase(passwd: "", group: "").identity(of: "")
        #expect(nobody.user == 0 && nobody.groups == [0] && nobody.home == "/")
    }

    @Test func `a number need not be known, and one that is known is that user`() throws {
        let unknown = try database.identity(of: "4711:815")
        #expect(unknown.user == 4711 && unknown.group == 815 && unknown.home == "/")
        #expect(try database.identity(of: "1000").home == "/home/app")
    }

    @Test func `a name made of digits is a name first`() throws {
        #expect(try database.identity(of: "42").user == 7)
    }

    @Test func `a short line is a user without a home`() throws {
        #expect(try database.identity(of: "bare").home == "/")
    }

    @Test func `additional groups come by name and number, once`() throws {
        let identity = try database.identity(of: "app", additionalGroups: ["wheel", "99", "99"])
        #expect(identity.groups == [1001, 50, 10, 99])
    }

    @Test(arguments: ["ghost", "nobody", "broken"])
    func `an unknown user is named`(name: String) {
        let error = #expect(throws: RuntimeError.self) { try database.identity(of: name) }
        #expect(error == .userNotFound(name))
    }

    @Test func `an unknown group is named`() {
        let error = #expect(throws: RuntimeError.self) { try database.identity(of: "app:ghosts") }
        #expect(error == .groupNotFound("ghosts"))
    }
}
