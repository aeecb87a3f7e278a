import Notation
import Testing
import YAML

@testable import ComposeFile

struct DecodingTests {
    @Test func `quantities are decoded to values with units`() throws {
        let web = try service(
            """
            mem_limit: 64m
            memswap_limit: -1
            stop_grace_period: 1m30s
            cpus: '0.5'
            shm_size: 1gb
            """
        )
        #expect(web.memoryLimit == ByteCount(67_108_864))
        #expect(web.memorySwapLimit == ByteCount(-1))
        #expect(web.stopGracePeriod == .seconds(90))
        #expect(web.cpus == 0.5)
        #expect(web.shmSize == ByteCount(1_073_741_824))
    }

    @Test func `enumerated strings are decoded to cases`() throws {
        let web = try service(
            """
            restart: on-failure:3
            pull_policy: every_12h
            ipc: service:db
            network_mode: container:abc
            cgroup: host
            depends_on: {db: {condition: service_healthy, restart: true}}
            """,
            others: "  db: {image: db}\n"
        )
        #expect(web.restart == .onFailure(maximumRetries: 3))
        #expect(web.pullPolicy == .every("12h"))
        #expect(web.ipc == .service("db"))
        #expect(web.networkMode == .container("abc"))
        #expect(web.cgroup == .host)
        #expect(web.dependsOn["db"] == Dependency(.healthy, restart: true))
    }

    @Test func `an empty command is distinguished from an absent one`() throws {
        let web = try service("entrypoint: []\n")
        #expect(web.entrypoint == [])
        #expect(web.command == nil)
    }

    @Test(arguments: [
        ("test: pg_isready", HealthCheck.Probe.shell("pg_isready")),
        ("test: [CMD, a, b]", .execute(["a", "b"])), ("test: [NONE]", .off),
        ("{disable: true, test: a}", .off),
    ])
    func `every form of probe is decoded`(text: String, probe: HealthCheck.Probe) throws {
        let web = try service("healthcheck: \(text.hasPrefix("{") ? text : "{\(text)}")")
        #expect(web.healthCheck?.probe == probe)
    }

    @Test func `variables without a value are kept`() throws {
        let web = try service("environment: [A=1, B, C=]")
        #expect(web.environment == ["A": "1", "B": nil, "C": ""])
        #expect(web.setEnvironment == ["A": "1", "C": ""])
    }

    @Test func `hosts are decoded in both forms, without brackets`() throws {
        let list = try service("extra_hosts: ['a=1.2.3.4', 'b:::1', 'a=[::2]']")
        #expect(list.extraHosts == ["a": ["1.2.3.4", "::2"], "b": ["::1"]])
        let mapping = try service("extra_hosts: {a: [1.1.1.1, 2.2.2.2]}")
        #expect(mapping.extraHosts == ["a": ["1.1.1.1", "2.2.2.2"]])
    }

    @Test(arguments: [
        ("restart: sometimes", "restart policy"), ("mem_limit: lots", "size"),
        ("healthcheck: {interval: '10'}", "duration"), ("command: \"a 'b\"", "command"),
        ("extra_hosts: [a]", "host"), ("ports: [{target: 70000}]", "port"),
        ("secrets: [{source: s, mode: '9'}]", "mode"),
    ])
    func `an invalid value is rejected with its location`(attribute: String, kind: String) {
        let errors = loadingErrors(of: "services:\n  web:\n    image: a\n    \(attribute)\n")
        #expect(errors.count == 1)
        #expect(errors.first?.location.line == 4)
        #expect(errors.first?.description.contains(kind) == true)
    }

    @Test func `errors of several services are reported together`() {
        let text = "services:\n  a: {image: a, restart: x}\n  b: {image: b, restart: y}\n"
        #expect(loadingErrors(of: text).map(\.location.line) == [2, 3])
    }

    @Test func `an attribute has a location in the file`() throws {
        let loaded = try project(
            "services:\n  web:\n    image: a\n    depends_on: [db]\n  db: {image: b}\n"
        )
        let web = try #require(loaded.services["web"])
        #expect(web.location(of: "depends_on", "db")?.line == 4)
        #expect(web.location(of: "image")?.column == 5)
        #expect(web.location(of: "nothing")?.line == 3)
        #expect(loaded.location(of: "services", "db")?.line == 5)
    }

    @Test func `models with the same attributes at different locations are equal`() throws {
        let one = try project("services:\n  web: {image: a}\n")
        let other = try project("services:\n\n  web:\n    image: a\n")
        #expect(one == other)
    }

    private func service(_ attributes: String, others: String = "") throws -> Service {
        let body = attributes.split(separator: "\n").map { "    \($0)\n" }.joined()
        let text = "services:\n\(others)  web:\n    image: web\n\(body)"
        return try #require(try project(text).services["web"])
    }
}
