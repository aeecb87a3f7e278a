import Addresses
import ContainerNetwork
import Testing

struct ContainerFilesTests {
    @Test func `hosts lists loopback names, extra hosts and the container itself`() throws {
        let text = ContainerFiles.hosts(
            hostname: "web",
            domainName: "example.org",
            addresses: ["10.0.0.2", "fd00::2"].compactMap { IPAddress($0) },
            extra: [
                .init(name: "db", address: "10.1.1.1", hostGateway: nil),
                .init(
                    name: "host.docker.internal",
                    address: "host-gateway",
                    hostGateway: IPAddress("10.0.0.1")
                ),
                .init(name: "six", address: "[::1]", hostGateway: nil),
            ].compactMap(\.self)
        )
        let lines = text.split(separator: "\n")
        #expect(lines.first == "127.0.0.1\tlocalhost")
        #expect(
            lines.suffix(5) == [
                "10.1.1.1\tdb", "10.0.0.1\thost.docker.internal", "::1\tsix",
                "10.0.0.2\tweb.example.org web", "fd00::2\tweb.example.org web",
            ]
        )
        #expect(text.hasSuffix("\n"))
    }

    @Test func `an invalid address makes no extra host`() {
        #expect(ContainerFiles.ExtraHost(name: "a", address: "b", hostGateway: nil) == nil)
        #expect(
            ContainerFiles.ExtraHost(name: "a", address: "host-gateway", hostGateway: nil) == nil
        )
    }

    @Test(
        arguments: [
            ([], [], "nameserver 127.0.0.11\nsearch corp.example\noptions edns0 ndots:0\n"),
            (
                ["a.org", "b.org"], [],
                "nameserver 127.0.0.11\nsearch a.org b.org\noptions edns0 ndots:0\n"
            ),
            (["."], ["ndots:3"], "nameserver 127.0.0.11\noptions ndots:3\n"),
        ] as [([String], [String], String)]
    )
    func `resolv conf names our server and the requested or the host's search list`(
        search: [String],
        options: [String],
        expected: String
    ) {
        let host = ResolverConfiguration(
            parsing: "# a comment\nnameserver 192.0.2.1\nsearch corp.example\noptions edns0\n"
        )
        #expect(host.nameServers.map(\.description) == ["192.0.2.1"])
        let result = ResolverConfiguration.forContainer(
            search: search,
            options: options,
            host: host
        )
        #expect(result.text == expected)
    }
}
