import SystemPackage
import Testing

@testable import Orchestrator

struct PortCheckTests {
    @Test(arguments: [
        ("['8080:80', '8081:81']", "['8082:80']", nil),
        ("['8080:80', '8080:81']", "[]", "services.a.ports.1"),
        ("['8080:80']", "['8080:80']", "services.b.ports.0"),
        ("['8080:80/tcp', '8080:80/udp']", "['8080-8090:80']", nil),
        ("['127.0.0.1:8080:80']", "['127.0.0.2:8080:80']", nil),
        ("['127.0.0.1:8080:80']", "['0.0.0.0:8080:80']", "services.b.ports.0"),
        ("['[::1]:8080:80']", "['0.0.0.0:8080:80']", nil),
        ("['[::1]:8080:80']", "['8080:80']", "services.b.ports.0"),
    ])
    func `a port published twice is rejected`(
        first: String,
        second: String,
        place: String?
    ) throws {
        let project = try loadProject(
            """
            services:
              a: {image: x, ports: \(first)}
              b: {image: x, ports: \(second)}
            """
        )
        let check = try PortCheck(project: project, paths: DataPaths(data: "/data", run: "/run"))
        guard let place else { return try check.checkDuplicates() }
        let error = #expect(throws: OrchestratorError.self) { try check.checkDuplicates() }
        #expect(error?.description.contains("\(place): host port 8080/tcp") == true)
    }
}
