import Testing
import YAML

@testable import ComposeFile

struct NormalisationTests {
    @Test func `a service without networks joins the default one`() throws {
        let loaded = try project("services: {web: {image: a}, own: {image: a, network_mode: none}}")
        #expect(loaded.services["web"]?.networks.keys.sorted() == ["default"])
        #expect(loaded.services["own"]?.networks.isEmpty == true)
        #expect(loaded.networks["default"]?.name == "demo_default")
    }

    @Test func `no default network is made when nobody is on it`() throws {
        let loaded = try project("services: {web: {image: a, networks: [n]}}\nnetworks: {n: }")
        #expect(loaded.networks.keys.sorted() == ["n"])
    }

    @Test func `resources get the project's name, external ones their own`() throws {
        let loaded = try project(
            """
            services: {web: {image: a}}
            volumes: {v: , w: {external: true}, x: {name: y}}
            """
        )
        #expect(loaded.volumes.mapValues(\.name) == ["v": "demo_v", "w": "w", "x": "y"])
    }

    @Test(arguments: [
        ("links: ['db:alias']", true), ("network_mode: 'service:db'", true),
        ("ipc: 'service:db'", true), ("volumes_from: ['db:ro']", false),
    ])
    func `what implies a dependency adds it`(attribute: String, restart: Bool) throws {
        let loaded = try project("services: {web: {image: a, \(attribute)}, db: {image: b}}")
        #expect(loaded.services["web"]?.dependsOn == ["db": Dependency(.started, restart: restart)])
    }

    @Test func `a dependency that is said already stays as it is`() throws {
        let loaded = try project(
            """
            services:
              db: {image: b, healthcheck: {test: a}}
              web: {image: a, links: [db], depends_on: {db: {condition: service_healthy}}}
            """
        )
        #expect(loaded.services["web"]?.dependsOn == ["db": Dependency(.healthy)])
    }

    @Test func `a build gets its usual context and Dockerfile`() throws {
        let loaded = try project(
            "services: {web: {build: {args: [A, B]}}, in: {build: {dockerfile_inline: FROM a}}}",
            environment: ["A": "1"]
        )
        let build = try #require(loaded.services["web"]?.build)
        #expect(build.context == "/work")
        #expect(build.dockerfile == "Dockerfile")
        #expect(build.arguments == ["A": "1"])
        #expect(loaded.services["in"]?.build?.dockerfile == nil)
    }

    @Test func `nothing is added when normalisation is left out`() throws {
        let loaded = try project("services: {web: {image: a, pull_policy: if_not_present}}") {
            $0.normalizes = false
        }
        #expect(loaded.networks.isEmpty)
        #expect(loaded.services["web"]?.pullPolicy == .ifNotPresent)
    }
}
