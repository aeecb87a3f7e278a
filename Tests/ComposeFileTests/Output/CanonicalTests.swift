import Testing
import YAML

@testable import ComposeFile

struct CanonicalTests {
    @Test func `printed output loads to the same model`() throws {
        let text = """
            services:
              web:
                build: {context: ., args: {A: 1}, ssh: [default], labels: [a=b], shm_size: 1m}
                command: a 'b c'
                ports: ["80-81:80-81", "127.0.0.1:53:53/udp"]
                volumes: ["v:/v:ro", "./a:/a", {type: tmpfs, target: /t, tmpfs: {size: 1m, mode: 0700}}]
                environment: {A: 1, B: null, C: "x\\ny"}
                depends_on: {db: {condition: service_healthy, restart: true}}
                deploy: {replicas: 2, resources: {limits: {cpus: "0.5", memory: 64m}}}
                healthcheck: {test: curl x, interval: 90s, retries: 0}
                ulimits: {nofile: 5, core: {soft: 0, hard: 1}}
                extra_hosts: ["a=1.1.1.1"]
                secrets: [{source: s, mode: 0400}]
                blkio_config: {weight: 10, device_read_bps: [{path: /dev/a, rate: 1m}]}
                restart: on-failure:3
                stop_grace_period: 1m
                gpus: all
                post_start: [{command: a b, environment: [A=1]}]
                develop: {watch: [{path: ., action: sync, target: /s, ignore: x}]}
              db: {image: d, healthcheck: {disable: true}, network_mode: host, logging: {driver: none}}
            networks: {default: {ipam: {config: [{subnet: 10.0.0.0/8}]}, enable_ipv6: true}}
            volumes: {v: {driver_opts: {a: 1}}}
            secrets: {s: {file: ./s}}
            x-note: {a: [1, 2.5, null]}
            """
        let first = try project(text)
        let second = try project(first.canonicalYAML.yaml.replacing("$", with: "$$"))
        #expect(second == first)
        #expect(second.canonicalJSON == first.canonicalJSON)
    }

    /// Recorded from docker compose v2.40.3: `config --hash '*'`.
    @Test(arguments: [
        "plain": "ead32641ace023dfb5148a9f4e8937d023a3b7fcc8af8f3e47f76229311a2be6",
        "rich": "72cd784c6464d873ad6bef558ef23e646f72cc002bf154ff8232882cf1d93292",
    ])
    func `the hash equals docker compose's`(name: String, hash: String) throws {
        let loaded = try project(
            """
            services:
              plain: {image: a}
              rich:
                image: "registry.example/a:1"
                command: serve --port 80 "<&>"
                ports: ["8080:80", "53:53/udp"]
                volumes: ["v:/v:ro", "/srv:/srv"]
                environment: {A: "1", B: null, C: "x\\ny"}
                deploy: {replicas: 2, resources: {limits: {cpus: "0.5", memory: 64m}}}
                healthcheck: {test: curl x, interval: 90s}
                ulimits: {nofile: 5, core: {soft: 0, hard: 1}}
                blkio_config: {weight: 10, device_read_bps: [{path: /dev/a, rate: 1m}]}
                post_start: [{command: a b, environment: [A=1]}]
                develop: {watch: [{path: /s, action: rebuild}]}
                cpus: 0.5
                gpus: all
                extra_hosts: ["b=1.1.1.1", "a=::1"]
                x-note: 1
            volumes: {v: }
            """
        )
        #expect(loaded.configHash(of: try #require(loaded.services[name])) == hash)
    }

    @Test(arguments: ["scale: 3", "profiles: [p]", "pull_policy: build", "build: ."])
    func `the hash ignores attributes without effect on a container`(attribute: String) throws {
        #expect(try hash("image: a\n\(attribute)") == hash("image: a"))
    }

    @Test func `the hash depends on the attributes of a container`() throws {
        let one = try hash("image: a")
        #expect(try hash("image: b") != one)
        #expect(try hash("image: a\nlabels: [a=b]") != one)
        #expect(try hash("image: a\ncommand: []") != one)
    }

    private func hash(_ attributes: String) throws -> String {
        let body = attributes.split(separator: "\n").map { "    \($0)\n" }.joined()
        let loaded = try project("services:\n  web:\n\(body)", profiles: ["*"])
        let web = try #require(loaded.services["web"])
        return Project(name: "demo", workingDirectory: "/").configHash(of: web)
    }

    @Test func `variables are listed with all of their uses`() throws {
        let files: MemoryFiles = [
            "/work/compose.yaml": """
            services:
              web: {image: "${A:-1}${B:?needed}", command: "${B} ${C:+x} $$D"}
            """
        ]
        var options = LoadOptions()
        options.interpolates = false
        let variables = try files.load(options).variables
        #expect(variables.map(\.name) == ["A", "B", "C"])
        #expect(variables.map(\.defaultValue) == ["1", "", ""])
        #expect(variables.map(\.isRequired) == [false, true, false])
        #expect(variables.map(\.alternateValue) == ["", "", "x"])
    }

    @Test func `no value of a variable is printed without interpolation`() throws {
        let files: MemoryFiles = [
            "/work/compose.yaml": """
            services: {web: {image: a, environment: [A], build: {args: [A]}, secrets: [s]}}
            secrets: {s: {environment: A}}
            """
        ]
        var options = LoadOptions()
        options.environment = ["A": "hidden"]
        options.interpolates = false
        let text = try files.load(options).model(normalised: true).json
        #expect(!text.contains("hidden"))
    }

    @Test func `every YAML scalar of an extension field is printed as by docker compose`() throws {
        let loaded = try project(
            """
            services: {a: {image: a}}
            x-all:
              date: 2020-01-02
              time: 2020-01-02t3:04:05.60+01:00
              text: '2020-01-02'
              big: 18446744073709551615
              octal: 0o14
              float: 1e3
              truth: True
              none: ~
              binary: !!binary aGk=
              words: [yes, .inf, -.inf, .nan]
            """
        )
        #expect(
            try #require(loaded.extensions["x-all"]).yaml == """
                date: 2020-01-02T00:00:00Z
                time: 2020-01-02T03:04:05.6+01:00
                text: "2020-01-02"
                big: 18446744073709551615
                octal: 12
                float: 1000
                truth: true
                none: null
                binary: hi
                words:
                  - "yes"
                  - .inf
                  - -.inf
                  - .nan

                """
        )
        let json = try #require(loaded.extensions["x-all"]).json
        #expect(json.contains(#""date": "2020-01-02T00:00:00Z""#), "\(json)")
        #expect(json.contains(#""big": 18446744073709551615"#), "\(json)")
    }

    @Test func `options of address management are not printed`() throws {
        let loaded = try project(
            "services: {a: {image: a}}\nnetworks: {default: {ipam: {options: {a: b}}}}\n"
        )
        #expect(!loaded.canonicalYAML.yaml.contains("options"))
        #expect(loaded.networks["default"]?.ipam.options == ["a": "b"])
    }
}
