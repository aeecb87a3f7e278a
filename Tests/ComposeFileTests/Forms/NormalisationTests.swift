import Testing
import YAML

@testable import ComposeFile

struct NormalisationTests {
    @Test func `a service without networks is attached to the default network`() throws {
        let loaded = try project("services: {web: {image: a}, own: {image: a, network_mode: none}}")
        #expect(loaded.services["web"]?.networks.keys.sorted() == ["default"])
        #expect(loaded.services["own"]?.networks.isEmpty == true)
        #expect(loaded.networks["default"]?.name == "demo_default")
    }

    @Test func `an unused default network is not created`() throws {
        let loaded = try project("services: {web: {image: a, networks: [n]}}\nnetworks: {n: }")
        #expect(loaded.networks.keys.sorted() == ["n"])
    }

    @Test func `resource names are prefixed with the project name, unless external`() throws {
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
    func `implied dependencies are added`(attribute: String, restart: Bool) throws {
        let loaded = try project("services: {web: {image: a, \(attribute)}, db: {image: b}}")
        #expect(loaded.services["web"]?.dependsOn == ["db": Dependency(.started, restart: restart)])
    }

    @Test func `an explicit dependency is unchanged`() throws {
        let loaded = try project(
            """
            services:
              db: {image: b, healthcheck: {test: a}}
              web: {image: a, links: [db], depends_on: {db: {condition: service_healthy}}}
            """
        )
        #expect(loaded.services["web"]?.dependsOn == ["db": Dependency(.healthy)])
    }

    @Test func `a build has default context and Dockerfile`() throws {
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

    @Test func `nothing is added without normalisation`() throws {
        let loaded = try project("services: {web: {image: a, pull_policy: if_not_present}}") {
            $0.normalizes = false
        }
        #expect(loaded.networks.isEmpty)
        #expect(loaded.services["web"]?.pullPolicy == .ifNotPresent)
    }
}
