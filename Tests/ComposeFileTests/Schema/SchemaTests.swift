import Testing
import YAML

@testable import ComposeFile

struct SchemaTests {
    @Test func `a misspelt key is rejected with its location and a suggestion`() {
        let errors = loadingErrors(of: "services:\n  web:\n    imge: nginx\n    image: nginx\n")
        #expect(
            errors.map(\.location) == [SourceLocation(file: "compose.yaml", line: 3, column: 5)]
        )
        #expect(errors.first?.description.contains("did you mean 'image'?") == true)
    }

    @Test func `all errors are reported together, in the order of the file`() {
        let errors = loadingErrors(
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
        ("image: [a]", "services.web.image: expected a string, found a list"),
        ("image: true", "services.web.image: expected a string, found a boolean"),
        ("tty: 3", "services.web.tty: expected true or false, found a number"),
        ("ports: 80", "services.web.ports: expected a list, found a number"),
        (
            "ports: [true]",
            "services.web.ports[0]: expected a string, a mapping or a number, found a boolean"
        ),
        ("cap_add: [1]", "services.web.cap_add[0]: expected a string, found a number"),
        ("cap_add: [A, A]", "services.web.cap_add: 'A' is repeated"),
        ("depends_on: {db: {}}", "services.web.depends_on.db: 'condition' is missing"),
        (
            "depends_on: {db: {condition: ready}}",
            "services.web.depends_on.db.condition: unknown value 'ready'"
        ),
        ("cgroup: shared", "services.web.cgroup: unknown value 'shared'"),
        (
            "oom_score_adj: 1001",
            "services.web.oom_score_adj: 1001 is out of range; use -1000 to 1000"
        ),
        ("cpu_percent: 101", "services.web.cpu_percent: 101 is out of range; use 0 to 100"),
        ("cpu_count: -1", "services.web.cpu_count: -1 is out of range"),
        ("volumes: [{target: /a}]", "services.web.volumes[0]: 'type' is missing"),
        ("volumes: [{type: floppy}]", "services.web.volumes[0].type: unknown value 'floppy'"),
        (
            "healthcheck: {interval: 3}",
            "services.web.healthcheck.interval: expected a string, found a number"
        ),
        (
            "build: {contxt: .}",
            "unknown key 'contxt' in services.web.build; did you mean 'context'?"
        ),
        (
            "deploy: {resources: {limit: {}}}",
            "unknown key 'limit' in services.web.deploy.resources; did you mean 'limits'?"
        ),
        (
            "extra_hosts: {a: 1}",
            "services.web.extra_hosts.a: expected a string or a list, found a number"
        ),
        ("environment: {A: [b]}", "services.web.environment.A: expected"),
        ("environment: [A, A]", "services.web.environment: 'A' is repeated"),
        ("expose: [80, 80]", "services.web.expose: '80' is repeated"),
        ("networks: {'a b': null}", "services.web.networks: 'a b' is not a valid name"),
        ("ulimits: {nofile: {soft: 1}}", "services.web.ulimits.nofile: 'hard' is missing"),
        ("pull_policy: sometimes", "services.web.pull_policy: expected always"),
        ("pull_policy: every_day", "services.web.pull_policy: expected always"),
        ("gpus: some", "services.web.gpus: unknown value 'some'"),
        ("init: {}", "services.web.init: expected true or false, found a mapping"),
        ("container_name: a", "services.web.container_name: expected at least two"),
        ("command: {}", "services.web.command: expected a string, a list or null, found a mapping"),
        ("labels: {a: 2020-01-01}", "services.web.labels.a: expected"),
        ("env_file: [{format: raw}]", "services.web.env_file[0]: 'path' is missing"),
        ("logging: {driver: 1}", "services.web.logging.driver: expected a string, found a number"),
        ("develop: {watch: [{path: .}]}", "services.web.develop.watch[0]: 'action' is missing"),
        ("post_start: [{user: a}]", "services.web.post_start[0]: 'command' is missing"),
        ("provider: {options: {}}", "services.web.provider: 'type' is missing"),
        (
            "secrets: [{source: 1}]",
            "services.web.secrets[0].source: expected a string, found a number"
        ),
        (
            "use_api_socket: 'true'",
            "services.web.use_api_socket: expected true or false, found 'true'"
        ),
        ("networks: 1", "services.web.networks: expected a list or a mapping, found a number"),
    ])
    func `an invalid attribute is rejected`(attribute: String, problem: String) {
        #expect(
            problems(of: "services: {web: {\(attribute)}}").map { $0.contains(problem) } == [true]
        )
    }

    @Test(arguments: [
        "image: a", "image: ''", "tty: 'yes'", "tty: true", "ports: [80, '80', {target: 80}]",
        "mem_limit: 1.5", "cpus: '0.5'", "cpu_count: 2.0", "pid: null", "command: null",
        "entrypoint: []", "x-anything: {a: [1]}", "environment: {A: null, B: 1, C: true}",
        "storage_opt: {size: {a: b}}", "extends: a", "deploy: null", "develop: null",
        "networks: {a: null}", "gpus: [{whatever: 1}]", "pull_policy: every_12h",
        "pre_start: [{image: a}]", "build: {no_cache_filter: a, x-b: 1}", "ulimits: {'9': []}",
    ])
    func `every valid attribute is accepted`(attribute: String) throws {
        try Schema.validate(try node("services: {web: {\(attribute)}}"))
    }

    @Test(arguments: [
        ("services: null", "services: expected a mapping, found null"),
        ("networks: null", "networks: expected a mapping, found null"),
        ("services: {'a b': {}}", "services: 'a b' is not a valid name"),
        ("volumes: {'a/b': {}}", "volumes: 'a/b' is not a valid name"),
        ("secrets: {s: null}", "secrets.s: expected a mapping, found null"),
        ("models: {m: {}}", "models.m: 'model' is missing"),
        ("include: a", "include: expected a list, found 'a'"),
        ("version: 3", "version: expected a string, found a number"),
        ("name: 1", "name: expected a string, found a number"),
        ("configs: {c: {inline: a}}", "unknown key 'inline' in config 'c'"),
        (
            "volumes: {v: {external: {nam: a}}}",
            "unknown key 'nam' in volumes.v.external; did you mean 'name'?"
        ),
        ("services: []", "services: expected a mapping, found a list"),
        (
            "networks: {n: {ipam: {config: {}}}}",
            "networks.n.ipam.config: expected a list, found a mapping"
        ),
        ("nets: {}", "unknown key 'nets' at top level"),
        (
            "services: {web: {imagee: a}}",
            "unknown key 'imagee' in service 'web'; did you mean 'image'?"
        ),
    ])
    func `an invalid section is rejected`(text: String, problem: String) {
        #expect(problems(of: text).map { $0.contains(problem) } == [true])
    }

    @Test(arguments: [
        "networks: {n: null}", "volumes: {v: null}", "x-a: null", "services: {}",
        "networks: {'a b': {whatever: 1}}", "secrets: {s: {external: {anything: 1}}}",
    ])
    func `every valid section is accepted`(text: String) throws {
        try Schema.validate(try node(text))
    }

    /// The descriptions of the schema errors in a file, without locations.
    private func problems(of text: String) -> [String] {
        do {
            try Schema.validate(try node(text))
            return []
        } catch let errors as ComposeErrors {
            return errors.errors.map(\.problem.description)
        } catch {
            return ["not a tree: \(error)"]
        }
    }
}
