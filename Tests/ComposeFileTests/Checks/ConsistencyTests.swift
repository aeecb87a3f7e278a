import Testing
import YAML

@testable import ComposeFile

struct ConsistencyTests {
    @Test(arguments: [
        ("services: {web: {}}", "neither an image nor a build"),
        ("services: {web: {image: a, depends_on: [db]}}", "undefined service 'db'"),
        ("services: {web: {image: a, networks: [n]}}", "undefined network 'n'"),
        ("services: {web: {image: a, volumes: ['vol:/v']}}", "undefined volume 'vol'"),
        ("services: {web: {image: a, configs: [c]}}", "undefined config 'c'"),
        ("services: {web: {image: a, secrets: [s]}}", "undefined secret 's'"),
        ("services: {web: {build: {secrets: [s]}}}", "undefined build secret 's'"),
        ("services: {web: {image: a, models: [m]}}", "undefined model 'm'"),
        ("services: {web: {image: a, network_mode: 'service:x'}}", "undefined service 'x'"),
        (
            "services: {web: {image: a, network_mode: host, networks: [n]}}\nnetworks: {n: }",
            "'network_mode' and 'networks' are mutually exclusive"
        ),
        (
            "services: {web: {build: {dockerfile: a, dockerfile_inline: b}}}",
            "'dockerfile_inline' are mutually exclusive"
        ),
        ("services: {web: {image: a, scale: 2, deploy: {replicas: 3}}}", "'scale'"),
        ("services: {web: {image: a, scale: -1}}", "-1 is out of range"),
        (
            "services: {web: {image: a, mem_limit: 1m, deploy: {resources: {limits: {memory: 2m}}}}}",
            "'mem_limit'"
        ),
        (
            "services: {web: {image: a, cpus: 1, deploy: {resources: {limits: {cpus: '2'}}}}}",
            "'cpus'"
        ),
        ("services: {web: {image: a, scale: 2, container_name: one}}", "2 replicas cannot share"),
        (
            "services: {web: {image: a, tmpfs: ['/a:size=1m'], volumes: ['/a']}}", "mounted twice"
        ),
        ("services: {web: {image: a, healthcheck: {test: [curl]}}}", "CMD-SHELL or NONE"),
        (
            "services: {web: {image: a, develop: {watch: [{path: ., action: sync}]}}}",
            "requires 'target'"
        ),
        (
            "services: {web: {image: a, platform: linux/arm64, build: {platforms: [linux/amd64]}}}",
            "does not contain the platform"
        ),
        (
            "services: {web: {build: {additional_contexts: {b: 'service:db'}}}, db: {image: d}}",
            "has no 'build'"
        ),
        ("services: {a: {image: a}}\nsecrets: {s: {driver: d}}", "'file' or 'environment'"),
    ])
    func `a contradiction is rejected`(text: String, words: String) {
        let errors = loadingErrors(of: text)
        #expect(errors.count == 1)
        #expect(errors.first?.description.contains(words) == true)
    }

    @Test func `all contradictions are reported together`() {
        let text = "services:\n  a: {}\n  b: {image: b, depends_on: [x], networks: [y]}\n"
        #expect(loadingErrors(of: text).count == 3)
    }

    @Test(arguments: [
        ("depends_on: [databse]", "service 'databse'; did you mean 'database'?"),
        ("networks: [bakc]", "network 'bakc'; did you mean 'back'?"),
        ("volumes: ['dat:/d']", "volume 'dat'; did you mean 'data'?"),
        ("secrets: [tokn]", "secret 'tokn'; did you mean 'token'?"),
        ("network_mode: service:databas", "service 'databas'; did you mean 'database'?"),
        ("volumes: ['other:/d']", "volume 'other'; define it or remove the reference"),
    ])
    func `a misspelt reference is rejected with a suggestion`(attribute: String, words: String) {
        let errors = loadingErrors(
            of: """
                services:
                  web: {image: a, \(attribute)}
                  database: {image: b}
                networks: {back: }
                volumes: {data: }
                secrets: {token: {environment: T}}
                """
        )
        #expect(errors.count == 1)
        #expect(errors.first?.description.contains(words) == true, "\(errors)")
    }

    @Test func `checks can be disabled`() throws {
        let loaded = try project("services: {web: {}}") { $0.checksConsistency = false }
        #expect(loaded.serviceNames == ["web"])
    }

    @Test func `an inactive dependency is rejected unless it is optional`() throws {
        let start = "services: {db: {image: d, profiles: [p]}, web: {image: w, depends_on: "
        let errors = loadingErrors(of: start + "[db]}}")
        #expect(
            errors.first?.description.contains("requires the profile 'p'; enable it with --profile")
                == true
        )
        let optional = "{db: {condition: service_started, required: false}}}}"
        #expect(try project(start + optional).serviceNames == ["web"])
    }

    @Test func `a container name can be used by one service only`() throws {
        let loaded = try project(
            "services:\n  a: {image: a, container_name: one}\n  b: {image: b, container_name: one}\n"
        )
        let errors = #expect(throws: ComposeErrors.self) { try loaded.checkContainerNames() }
        #expect(errors?.errors.first?.location.line == 3)
    }

    @Test func `scale sets the replicas of deploy`() throws {
        let loaded = try project("services: {web: {image: a, scale: 3, deploy: {}}}")
        #expect(loaded.services["web"]?.deploy?.replicas == 3)
    }
}
