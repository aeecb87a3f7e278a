import Testing
import YAML

@testable import ComposeFile

struct MergeTests {
    @Test(arguments: [
        ("image: a", "image: b", "image: b"),
        ("image: a", "image:", "image: a"),
        ("command: [a]", "command: [b]", "command: [b]"),
        ("command: [a]", "command:", "command:"),
        (
            "healthcheck: {test: [a], retries: 1}", "healthcheck: {test: [b]}",
            "healthcheck: {test: [b], retries: 1}"
        ),
        (
            "environment: {B: 1, A: true, C: }", "environment: [A=2]",
            "environment: [A=true, B=1, C, A=2]"
        ),
        ("labels: {x: 1e6}", "labels: {y: 0.1}", "labels: [x=1e+06, y=0.1]"),
        ("dns: 1.1.1.1", "dns: [8.8.8.8]", "dns: [1.1.1.1, 8.8.8.8]"),
        ("extra_hosts: {a: [x, y]}", "extra_hosts: [a=x, b=z]", "extra_hosts: [a=x, a=y, b=z]"),
        ("build: .", "build: {target: t}", "build: {context: ., target: t}"),
        ("build: {context: a, args: [A=1]}", "build: b", "build: {context: b, args: [A=1]}"),
        (
            "depends_on: [a]", "depends_on: {a: {restart: true}, b: {condition: x}}",
            "depends_on: {a: {condition: service_started, required: true, restart: true},"
                + " b: {condition: x}}"
        ),
        ("networks: [a]", "networks: {b: {aliases: [x]}}", "networks: {a: , b: {aliases: [x]}}"),
        (
            "logging: {driver: d, options: {a: 1}}", "logging: {options: {b: 2}}",
            "logging: {driver: d, options: {a: 1, b: 2}}"
        ),
        (
            "logging: {driver: d, options: {a: 1}}", "logging: {driver: e, options: {b: 2}}",
            "logging: {driver: e, options: {b: 2}}"
        ),
        ("ulimits: {n: {soft: 1, hard: 2}}", "ulimits: {n: {soft: 3}}", "ulimits: {n: {soft: 3}}"),
        ("ports: ['80']", "ports: ['81']", "ports: ['80', '81']"),
        ("deploy: {a: 1}", "deploy: {b: 2}", "deploy: {a: 1, b: 2}"),
    ])
    func `services are merged by the rule of each attribute`(
        earlier: String,
        later: String,
        expected: String
    ) throws {
        let merged = try Merge.service(try node(earlier), try node(later), name: "s")
        #expect(merged == (try node(expected)))
    }

    @Test func `subnets are merged by address`() throws {
        let earlier = try node("networks: {n: {ipam: {config: [{subnet: a, gateway: g}]}}}")
        let later = try node("networks: {n: {ipam: {config: [{subnet: a, ip_range: r}]}}}")
        let merged = try Merge.files(earlier, later)
        #expect(merged.at("networks.n.ipam.config.0.gateway")?.string == "g")
        #expect(merged.at("networks.n.ipam.config.0.ip_range")?.string == "r")
    }

    @Test func `a merge conflict is reported with both locations`() throws {
        let earlier = try node("services:\n  a: {ports: [x], deploy: {}}\n", file: "a.yaml")
        let later = try node("services:\n  a:\n    ports: 1\n    deploy: [x]\n", file: "b.yaml")
        let error = #expect(throws: ComposeErrors.self) { try Merge.files(earlier, later) }
        #expect(error?.errors.map(\.location.line) == [3, 4])
        #expect(error?.description.contains("services.a.ports") == true)
        #expect(error?.description.contains("a.yaml:2:14") == true)
    }

    @Test(arguments: [
        ("environment: [A=1, B=2, A=3]", "environment: [A=3, B=2]"),
        (
            "volumes: ['aa:/x', 'bb:/y', {type: bind, target: /x}]",
            "volumes: [{type: bind, target: /x}, 'bb:/y']"
        ),
        ("ports: ['80', 80, '81']", "ports: [80, '81']"),
        (
            "secrets: [a, {source: b, target: /run/secrets/a}]",
            "secrets: [{source: b, target: /run/secrets/a}]"
        ),
        ("devices: ['/a:/b', '/c:/b:r']", "devices: ['/c:/b:r']"),
        ("expose: ['80', 80]", "expose: [80]"),
        ("command: [a, a]", "command: [a, a]"),
    ])
    func `later entries replace earlier ones with the same identity`(
        before: String,
        after: String
    ) throws {
        let root = try node("services: {s: {\(before)}}")
        #expect(try Uniqueness.enforce(root) == (try node("services: {s: {\(after)}}")))
    }

    @Test func `a mount without a target is rejected`() throws {
        let root = try node("services: {s: {volumes: [{source: a}]}}")
        let error = #expect(throws: ComposeErrors.self) { try Uniqueness.enforce(root) }
        #expect(error?.description.contains("target") == true, "\(error as Any)")
    }
}
