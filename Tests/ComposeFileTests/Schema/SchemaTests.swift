import Testing
import YAML

@testable import ComposeFile

struct SchemaTests {
    @Test func `a misspelt key is refused at its own place with the word that was meant`() {
        let errors = faults(of: "services:\n  web:\n    imge: nginx\n    image: nginx\n")
        #expect(
            errors.map(\.location) == [SourceLocation(file: "compose.yaml", line: 3, column: 5)]
        )
        #expect(errors.first?.description.contains("did you mean 'image'?") == true)
    }

    @Test func `all faults are told at once, in the order of the file`() {
        let errors = faults(
            of: """
                services:
                  web:
                    image: 5.5
                    ports: yes
                    restart: {}
                nets: {}
                """
        )
        #expect(errors.map(\.location.line) == [3, 4, 5, 6])
    }

    @Test(arguments: [
        "image: [a]", "image: true", "tty: 3", "ports: 80", "ports: [true]", "cap_add: [1]",
        "cap_add: [A, A]", "depends_on: {db: {}}", "depends_on: {db: {condition: ready}}",
        "cgroup: shared", "oom_score_adj: 1001", "cpu_percent: 101", "cpu_count: -1",
        "volumes: [{target: /a}]", "volumes: [{type: floppy}]", "healthcheck: {interval: 3}",
        "build: {contxt: .}", "deploy: {replicas: many, resources: {limit: {}}}",
        "extra_hosts: {a: 1}", "environment: {A: [b]}", "environment: [A, A]", "expose: [80, 80]",
        "networks: {'a b': null}", "ulimits: {nofile: {soft: 1}}", "pull_policy: sometimes",
        "pull_policy: every_day", "gpus: some", "init: {}", "container_name: a", "command: {}",
        "labels: {a: 2020-01-01}", "env_file: [{format: raw}]", "logging: {driver: 1}",
        "develop: {watch: [{path: .}]}", "post_start: [{user: a}]", "provider: {options: {}}",
        "secrets: [{source: 1}]", "use_api_socket: 'true'", "networks: 1",
    ])
    func `a value of the wrong kind is refused`(attribute: String) {
        let tree = Result { try node("services: {web: {\(attribute)}}") }
        #expect(throws: ComposeErrors.self) { try Schema.validate(try tree.get()) }
    }

    @Test(arguments: [
        "image: a", "image: ''", "tty: 'yes'", "tty: true", "ports: [80, '80', {target: 80}]",
        "mem_limit: 1.5", "cpus: '0.5'", "cpu_count: 2.0", "pid: null", "command: null",
        "entrypoint: []", "x-anything: {a: [1]}", "environment: {A: null, B: 1, C: true}",
        "storage_opt: {size: {a: b}}", "extends: a", "deploy: null", "develop: null",
        "networks: {a: null}", "gpus: [{whatever: 1}]", "pull_policy: every_12h",
        "pre_start: [{image: a}]", "build: {no_cache_filter: a, x-b: 1}", "ulimits: {'9': []}",
    ])
    func `every accepted kind of value is accepted`(attribute: String) throws {
        try Schema.validate(try node("services: {web: {\(attribute)}}"))
    }

    @Test(arguments: [
        "services: null", "networks: null", "services: {'a b': {}}", "volumes: {'a/b': {}}",
        "secrets: {s: null}", "models: {m: {}}", "include: a", "version: 3", "name: 1",
        "configs: {c: {inline: a}}", "volumes: {v: {external: {nam: a}}}", "services: []",
        "networks: {n: {ipam: {config: {}}}}",
    ])
    func `a section of the wrong kind is refused`(text: String) {
        let tree = Result { try node(text) }
        #expect(throws: ComposeErrors.self) { try Schema.validate(try tree.get()) }
    }

    @Test(arguments: [
        "networks: {n: null}", "volumes: {v: null}", "x-a: null", "services: {}",
        "networks: {'a b': {whatever: 1}}", "secrets: {s: {external: {anything: 1}}}",
    ])
    func `every accepted section is accepted`(text: String) throws {
        try Schema.validate(try node(text))
    }
}
