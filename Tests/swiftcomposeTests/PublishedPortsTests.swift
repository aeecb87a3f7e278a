import Testing

@testable import Orchestrator
@testable import swiftcompose

/// Expected texts are those of docker compose v2.40.3.
struct PublishedPortsTests {
    @Test func `exposed ports come first, in numeric order and joined`() {
        let publishers = ContainerListing.Publisher.all(
            published: [port(22900, 8000), port(22901, 22901)]
                + (0..<3).map { port(22902 + $0, 7002 + $0) },
            exposed: ["33060/tcp", "5000/tcp", "8000/tcp", "9000-9002/tcp"]
        )
        #expect(
            ContainerListing.Publisher.text(of: publishers)
                == "5000/tcp, 9000-9002/tcp, 33060/tcp, 0.0.0.0:22901->22901/tcp, "
                + "[::]:22901->22901/tcp, 0.0.0.0:22902->7002/tcp, [::]:22902->7002/tcp, "
                + "0.0.0.0:22903->7003/tcp, [::]:22903->7003/tcp, 0.0.0.0:22904->7004/tcp, "
                + "[::]:22904->7004/tcp, 0.0.0.0:22900->8000/tcp, [::]:22900->8000/tcp"
        )
        #expect(publishers.map(\.targetPort) == publishers.map(\.targetPort).sorted())
        #expect(publishers.filter { $0.targetPort == 9001 }.map(\.publishedPort) == [0])
        #expect(publishers.filter { $0.targetPort == 8000 }.map(\.url) == ["0.0.0.0", "::"])
    }

    @Test func `consecutive ports of one address are joined`() {
        let publishers = ContainerListing.Publisher.all(
            published: [22912, 22910, 22911].map { port($0, $0, "127.0.0.1") }
                + [port(22913, 53, "", "udp")],
            exposed: []
        )
        #expect(
            ContainerListing.Publisher.text(of: publishers)
                == "127.0.0.1:22910-22912->22910-22912/tcp, "
                + "0.0.0.0:22913->53/udp, [::]:22913->53/udp"
        )
    }

    private func port(
        _ host: UInt16,
        _ container: UInt16,
        _ address: String = "",
        _ transport: String = "tcp"
    ) -> PublishedPort {
        PublishedPort(
            hostAddress: address,
            hostPorts: host...host,
            containerPort: container,
            transport: transport
        )
    }
}
