import ComposeFile
import ContainerNetwork
import Testing

@testable import Orchestrator

struct PortRelocationTests {
    @Test func `a taken port moves to the next free one`() throws {
        let relocation = try relocation("a: {image: x, ports: ['8080:80', '9000:90']}")
        let moves = relocation.moves(keepingPortsOf: []) {
            [8080, 8081].contains($0.hostPort) ? .foreign : .free
        }
        #expect(moves.map(\.from) == [8080])
        #expect(moves.map(\.to) == [8082])
        let ports = relocation.applying(moves).services["a"]?.ports.map(\.published)
        #expect(ports == ["8082", "9000"])
    }

    @Test func `a port that another service of the project publishes is not taken twice`() throws {
        let relocation = try relocation(
            """
            a: {image: x, ports: ['8080:80']}
              b: {image: x, ports: ['8080:80']}
              c: {image: x, ports: ['8081:80']}
            """
        )
        let moves = relocation.moves(keepingPortsOf: []) { _ in .free }
        #expect(moves.map(\.service) == ["b"])
        #expect(moves.map(\.to) == [8082])
    }

    @Test func `a container keeps the port that it has moved to`() throws {
        let relocation = try relocation("a: {image: x, ports: ['8080:80']}")
        var container = Fixture.container("a")
        container.record.ports = [
            PublishedPort(
                hostAddress: "",
                hostPorts: 8090...8090,
                containerPort: 80,
                transport: "tcp"
            )
        ]
        let moves = relocation.moves(keepingPortsOf: [container]) {
            $0.hostPort == 8080 ? .foreign : .own
        }
        #expect(moves.map(\.to) == [8090])
    }

    @Test func `a free port, and one of this project, stays`() throws {
        let relocation = try relocation("a: {image: x, ports: ['8080:80', '8081:81']}")
        let moves = relocation.moves(keepingPortsOf: []) { $0.hostPort == 8080 ? .own : .free }
        #expect(moves.isEmpty)
    }

    @Test func `the last port is followed by the lowest ordinary one`() throws {
        let relocation = try relocation("a: {image: x, ports: ['65535:80']}")
        let moves = relocation.moves(keepingPortsOf: []) {
            $0.hostPort == 65535 ? .foreign : .free
        }
        #expect(moves.map(\.to) == [1024])
    }

    private func relocation(_ services: String) throws -> PortRelocation {
        try PortRelocation(loadProject("services:\n  \(services)\n"))
    }
}
