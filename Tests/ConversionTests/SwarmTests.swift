import ComposeFile
import Testing

@testable import Conversion

struct SwarmTests {
    private static func convert(_ text: String) throws -> Conversion {
        try SwarmConverter.convert(
            Fixture.project(["compose.yaml": text]),
            files: Fixture.files()
        )
    }

    @Test func `a service becomes one of the stack file`() throws {
        let conversion = try Self.convert(
            """
            services:
              web:
                image: nginx:1.29
                command: [serve, $$HOME]
                environment: {A: b}
                ports: ["8080:80", "127.0.0.1:9000:90/udp"]
                restart: unless-stopped
                mem_limit: 64m
                cpus: 0.5
                healthcheck: {test: probe, interval: 5s}
                depends_on: [db]
                ulimits: {nofile: {soft: 10, hard: 20}}
                deploy:
                  replicas: 2
                  update_config: {order: start-first, parallelism: 1, max_failure_ratio: 0.25}
              db: {image: db, tmpfs: "/run:size=1m", restart: "on-failure:3"}
            """
        )
        #expect(
            conversion.text("stack.yaml") == """
                # Deploy with: docker stack deploy --compose-file stack.yaml demo
                version: "3.9"
                services:
                  db:
                    image: db
                    networks:
                      default: {}
                    volumes:
                    - type: tmpfs
                      target: /run
                      tmpfs:
                        size: 1048576
                    deploy:
                      restart_policy:
                        condition: on-failure
                        max_attempts: 3
                  web:
                    image: nginx:1.29
                    command:
                    - serve
                    - $$HOME
                    environment:
                      A: b
                    ulimits:
                      nofile:
                        soft: 10
                        hard: 20
                    networks:
                      default: {}
                    ports:
                    - target: 80
                      published: 8080
                      protocol: tcp
                      mode: ingress
                    - target: 90
                      published: 9000
                      protocol: udp
                      mode: ingress
                    healthcheck:
                      test:
                      - CMD-SHELL
                      - probe
                      interval: 5s
                    depends_on:
                    - db
                    deploy:
                      replicas: 2
                      resources:
                        limits:
                          cpus: "0.5"
                          memory: "67108864b"
                      restart_policy:
                        condition: any
                      update_config:
                        parallelism: 1
                        max_failure_ratio: 0.25
                        order: start-first
                networks:
                  default:
                    driver: overlay

                """
        )
        let address = conversion.outcome("services.web.ports[1].host_ip")
        #expect(address?.title == "no counterpart")
    }

    @Test func `contents are copied and their names contain a hash`() throws {
        let text = """
            services: {a: {image: a, secrets: [sec], configs: [{source: conf, mode: 0440}]}}
            secrets: {sec: {file: ./sec}}
            configs: {conf: {content: one}}
            """
        let conversion = try Self.convert(text)
        let other = try Self.convert(text.replacing("one", with: "two"))
        #expect(conversion.text("configs/conf") == "one")
        let secret = try #require(conversion.files.first { $0.path == "secrets/sec" })
        #expect(secret.isSecret && secret.content == Array("secret\n".utf8))
        let stack = conversion.text("stack.yaml")
        #expect(stack.contains("file: ./secrets/sec\n"))
        #expect(stack.contains("name: demo_conf-"))
        #expect(stack.contains("mode: 288\n"))
        #expect(stack != other.text("stack.yaml"))
    }

    @Test func `contents that are not text keep their bytes`() throws {
        let bytes: [UInt8] = [0, 0xff, 0xc3]
        let project = try Fixture.project([
            "compose.yaml": """
            services: {a: {image: a, configs: [binary]}}
            configs: {binary: {file: ./binary}}
            """
        ])
        let files = Fixture.files(["/work/binary": bytes])
        let conversion = try SwarmConverter.convert(project, files: files)
        #expect(conversion.files.first { $0.path == "configs/binary" }?.content == bytes)
    }

    @Test func `the value of a variable is not an attribute`() throws {
        let conversion = try Self.convert(
            """
            services: {a: {image: a, secrets: [token]}}
            secrets: {token: {environment: VARIABLE}}
            """
        )
        #expect(conversion.report.missing.isEmpty, "\(conversion.report)")
        #expect(conversion.text("secrets/token") == "value")
    }

    @Test func `network_mode host is the engine's network`() throws {
        let conversion = try Self.convert("services: {a: {image: a, network_mode: host}}")
        let stack = conversion.text("stack.yaml")
        #expect(stack.contains("networks:\n  host:\n    external: true\n    name: host\n"))
    }

    @Test func `a service that others wait for to complete is not restarted`() throws {
        let conversion = try Self.convert(
            """
            services:
              job: {image: a}
              web: {image: b, depends_on: {job: {condition: service_completed_successfully}}}
            """
        )
        #expect(conversion.text("stack.yaml").contains("condition: none\n"))
    }

    @Test func `a range of host ports has no counterpart`() throws {
        let conversion = try Self.convert("services: {a: {image: a, ports: ['8000-8009:80']}}")
        #expect(conversion.report.missing.map(\.name).contains("services.a.ports[0].published"))
        #expect(!conversion.text("stack.yaml").contains("ports:"))
    }
}
