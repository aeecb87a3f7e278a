import SystemPackage
import Testing

@testable import Swarm

struct EngineHostTests {
    private static func host(
        _ host: String? = nil,
        context: String? = nil,
        _ environment: [String: String] = [:],
        files: [String: String] = [:]
    ) throws -> EngineHost {
        try EngineHost(
            EngineHost.Choice(
                host: host,
                context: context,
                environment: environment.merging(["HOME": "/home/me"]) { $0 + $1 },
                read: { path in files.first { path.string.hasSuffix($0.key) }?.value }
            )
        )
    }

    @Test func `the option precedes the environment`() throws {
        let environment = ["DOCKER_HOST": "tcp://far:1"]
        #expect(try Self.host("unix:///x", environment).address == "unix:///x")
        #expect(try Self.host(nil, environment).address == "tcp://far:1")
        #expect(try Self.host().address == "unix:///var/run/docker.sock")
    }

    @Test func `a context names a host`() throws {
        let meta = "{\"Endpoints\":{\"docker\":{\"Host\":\"tcp://far:2376\"}}}"
        let host = try Self.host(context: "far", files: ["meta.json": meta, "ca.pem": "x"])
        #expect(host.address == "tcp://far:2376")
        #expect(host.certificates != nil)
        let current = try Self.host(
            files: ["config.json": "{\"currentContext\":\"far\"}", "meta.json": meta]
        )
        #expect(current.address == "tcp://far:2376" && current.certificates == nil)
        #expect(throws: EngineError.noSuchContext("near")) { try Self.host(context: "near") }
    }

    @Test func `DOCKER_CERT_PATH turns TLS on`() throws {
        let environment = ["DOCKER_HOST": "tcp://far:2376", "DOCKER_CERT_PATH": "/certs"]
        let host = try Self.host(nil, environment)
        #expect(host.certificates == "/certs")
        #expect(try host.baseURL == "https://far:2376")
    }

    @Test func `a socket's path is escaped`() throws {
        #expect(try Self.host("unix:///run/a b").baseURL == "http+unix://%2Frun%2Fa%20b")
        #expect(throws: EngineError.invalidHost("ftp://x")) { try Self.host("ftp://x").baseURL }
    }

    @Test func `a host behind ssh is refused with the remedy`() {
        let error = #expect(throws: EngineError.self) { try Self.host("ssh://far") }
        #expect(error?.description.contains("ssh -L") == true)
    }
}
