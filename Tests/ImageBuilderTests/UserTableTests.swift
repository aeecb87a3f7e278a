import Testing

@testable import ImageBuilder

struct UserTableTests {
    private let users = UserTable(
        passwd: "root:x:0:0::/root:/bin/sh\nuser:x:1000:1000::/home/user:\nbroken\n",
        group: "root:x:0:\nstaff:x:50:user,other\n"
    )

    @Test(arguments: [
        ("user", Owner(user: 1000, group: 1000)), ("user:staff", Owner(user: 1000, group: 50)),
        ("1234", Owner(user: 1234, group: 1234)), ("1:2", Owner(user: 1, group: 2)),
        ("nobody", .root), ("user:99", Owner(user: 1000, group: 99)),
        ("0:staff", Owner(user: 0, group: 50)),
    ])
    func `an owner of COPY is looked up`(text: String, expected: Owner) {
        #expect(users.owner(text) == expected)
    }

    @Test(
        arguments: [
            ("", 0, 0, [], "/root"), ("user", 1000, 1000, [50], "/home/user"),
            ("1000", 1000, 1000, [50], "/home/user"), ("user:5", 1000, 5, [], "/home/user"),
            ("4000", 4000, 0, [], "/"),
        ] as [(String, UInt32, UInt32, [UInt32], String)]
    )
    func `the user of RUN is looked up`(
        text: String,
        user: UInt32,
        group: UInt32,
        groups: [UInt32],
        home: String
    ) {
        let expected = Identity(user: user, group: group, groups: groups, home: home)
        #expect(users.identity(text) == expected)
    }

    @Test(arguments: ["nobody", "user:nogroup"])
    func `an unknown name has no identity`(text: String) {
        #expect(users.identity(text) == nil)
    }
}

struct PortRangeTests {
    @Test(arguments: [
        ("80", ["80/tcp"]), ("80/UDP", ["80/udp"]), ("8080:80", ["80/tcp"]),
        ("1-3/udp", ["1/udp", "2/udp", "3/udp"]), ("127.0.0.1:8:9", ["9/tcp"]),
    ])
    func `a port or a range of ports is parsed`(text: String, ports: [String]) {
        #expect(PortRange(text)?.ports == ports)
    }

    @Test(arguments: ["eighty", "", "3-1", "1-2-3", "80/x", "65536", "80/tcp/udp"])
    func `text that is not a port is refused`(text: String) {
        #expect(PortRange(text) == nil)
    }
}
