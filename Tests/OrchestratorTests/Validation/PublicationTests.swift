import ComposeFile
import Testing

@testable import Orchestrator

struct PublicationTests {
    @Test func `x-publish limits ports without an address to this host`() throws {
        let project = try loadProject(
            """
            x-publish: localhost
            services: {db: {image: a, ports: ["5432:5432", "0.0.0.0:80:80"]}}
            """
        )
        let ports = project.withPublication().services["db"]?.ports.map(\.hostIP)
        #expect(ports == ["127.0.0.1", "0.0.0.0"])
        #expect(project.exposureWarning(except: []) == nil)
    }

    @Test func `another value of x-publish is rejected`() throws {
        let project = try loadProject("x-publish: local\nservices: {a: {image: a}}")
        let error = #expect(throws: OrchestratorError.self) { try project.checkPublication() }
        #expect("\(try #require(error))".contains("compose.yaml:1:1: x-publish"), "\(error as Any)")
    }

    @Test func `one warning names the databases that other hosts can reach`() throws {
        let project = try loadProject(
            """
            services:
              db: {image: a, ports: ["15432:5432"]}
              cache: {image: a, ports: ["6379"]}
              web: {image: a, ports: ["80:80"]}
              own: {image: a, ports: ["127.0.0.1:3306:3306"]}
            """
        )
        let warning = try #require(project.exposureWarning(except: []))
        #expect("\(warning)".contains("cache (Redis, 6379), db (PostgreSQL, 5432)"))
        #expect(project.exposureWarning(except: ["db", "cache"]) == nil)
    }
}
