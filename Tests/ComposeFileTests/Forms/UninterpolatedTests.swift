import Testing
import YAML

@testable import ComposeFile

/// Loading with `--no-interpolate`: variables in attributes that are numbers, booleans or words.
struct UninterpolatedTests {
    @Test(arguments: [
        "privileged: ${X}", "tty: ${X:-true}", "init: ${X}", "read_only: ${X}", "scale: ${X}",
        "cpus: ${X}", "cpu_count: ${X}", "cpu_percent: ${X}", "mem_limit: ${X}", "pids_limit: ${X}",
        "oom_score_adj: ${X}", "shm_size: ${X:-64m}", "stop_grace_period: ${X:-10s}",
        "restart: ${X:-always}", "network_mode: ${X}", "ipc: '${X:-service:db}'", "pid: ${X}",
        "pull_policy: ${X:-always}", "pull_policy: ${X:-every_12h}", "container_name: ${NAME}",
        "ports: ['${X:-80}:80']", "ports: [{target: '${X}', published: '${Y}'}]",
        "volumes: ['${X:-./data}:/data:${Y:-ro}']", "devices: ['${X:-/dev/null}:/dev/x']",
        "devices: ['${X:-/dev/null}:/dev/x:rwm']",
        "healthcheck: {retries: '${X}', disable: '${X}', interval: '${X}'}",
        "deploy: {replicas: '${X}', resources: {limits: {cpus: '${X}', memory: '${X}', pids: '${X}'}}}",
        "deploy: {restart_policy: {max_attempts: '${X}', delay: '${X}'}}",
        "build: {context: '${X}', args: ['${X}'], shm_size: '${X}', no_cache: '${X}'}",
        "depends_on: {db: {condition: service_started, restart: '${X}'}}",
        "networks: {default: {ipv4_address: '${X}'}}", "extra_hosts: ['${X}']",
        "env_file: [{path: '${X}', format: '${Y}', required: '${Z}'}]",
    ])
    func `a variable is kept`(attribute: String) throws {
        #expect(try problems(attribute) == [])
    }

    @Test(arguments: [
        ("cgroup: ${X}", "cgroup: unknown value"), ("pull_policy: ${X}", "pull_policy: expected"),
        ("depends_on: {db: {condition: '${X}'}}", "condition: unknown value"),
        ("volumes: [{type: '${X}', target: /a}]", "type: unknown value"),
        ("gpus: ${X}", "gpus: unknown value"), ("use_api_socket: '${X}'", "expected true or false"),
        ("ulimits: {nofile: '${X}'}", "ulimits.nofile: expected an integer"),
        ("build: {ulimits: {nofile: '${X}'}}", "build.ulimits.nofile: expected an integer"),
        ("ports: [99999]", "not a valid port"), ("ports: [80.5]", "a port is an integer"),
        ("develop: {watch: [{path: ., action: '${X}'}]}", "action: unknown value"),
        ("deploy: {update_config: {order: '${X}'}}", "order: unknown value"),
    ])
    func `a variable is rejected where docker compose rejects it`(
        attribute: String,
        problem: String
    ) throws {
        let found = try problems(attribute)
        #expect(found.count == 1)
        #expect(found.first?.contains(problem) == true, "\(found)")
    }

    @Test func `external as text is recognised`() throws {
        let files: MemoryFiles = [
            "/work/compose.yaml": "services: {a: {image: a}}\nvolumes: {v: {external: 'true'}}\n"
        ]
        let tree = try files.load(options)
        let normalised = tree.model(normalised: true).json
        #expect(normalised.contains(#""name": "v""#), "\(normalised)")
    }

    private var options: LoadOptions {
        var options = LoadOptions()
        options.interpolates = false
        return options
    }

    private func problems(_ attribute: String) throws -> [String] {
        let text = "services:\n  web:\n    image: web\n    \(attribute)\n  db: {image: db}\n"
        let files: MemoryFiles = ["/work/compose.yaml": text]
        do {
            _ = try files.load(options)
            return []
        } catch {
            return error.errors.map(\.problem.description)
        }
    }
}
