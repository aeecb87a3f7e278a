import Testing

@testable import OCI

struct ImageDocumentTests {
    static let digest = "sha256:" + String(repeating: "ab", count: 32)

    @Test func `a configuration keeps every field that Docker writes`() throws {
        let json = """
            {"architecture":"amd64","config":{"ArgsEscaped":true,"Cmd":["a"],"Entrypoint":["/e"],\
            "Env":["A=b"],"ExposedPorts":{"53/udp":{},"80/tcp":{}},"Healthcheck":{"Interval":5000000000,\
            "Retries":2,"StartInterval":4,"StartPeriod":3,"Test":["CMD","true"],"Timeout":1},\
            "Labels":{"k":"v"},"OnBuild":["RUN x"],"Shell":["/bin/sh","-euc"],"StopSignal":"SIGQUIT",\
            "User":"u","Volumes":{"/data":{}},"WorkingDir":"/srv"},"created":"2023-11-14T22:13:20Z",\
            "history":[{"comment":"c","created":"2023-11-14T22:13:20Z","created_by":"x","empty_layer":true}],\
            "os":"linux","rootfs":{"diff_ids":["\(Self.digest)"],"type":"layers"}}
            """
        let configuration = try ImageConfiguration(json: Array(json.utf8))
        #expect(configuration.config.healthcheck?.interval == .seconds(5))
        #expect(configuration.config.exposedPorts == ["53/udp", "80/tcp"])
        #expect(String(decoding: try configuration.json(), as: UTF8.self) == json)
    }

    @Test func `null and absent fields are unset`() throws {
        let json = """
            {"architecture":"amd64","os":"linux","variant":"","created":null,"config":{"Cmd":null,
            "Env":null,"Volumes":null,"Entrypoint":[],"Healthcheck":{"Interval":0}},
            "rootfs":{"type":"layers","diff_ids":null}}
            """
        let configuration = try ImageConfiguration(json: Array(json.utf8))
        #expect(configuration.config.cmd == nil)
        #expect(configuration.config.entrypoint == [])
        #expect(configuration.config.healthcheck?.interval == nil)
        #expect(configuration.platform == Platform(os: "linux", architecture: "amd64"))
    }

    @Test(arguments: [
        "", "{", "[]", "null", "{}", #"{"schemaVersion":1}"#, #"{"schemaVersion":2,"layers":[]}"#,
        #"{"schemaVersion":2,"config":{"mediaType":"x","digest":"sha256:zz","size":1},"layers":[]}"#,
        #"{"schemaVersion":2,"config":{"mediaType":"x","digest":"\#(digest)","size":-1},"layers":[]}"#,
        #"{"schemaVersion":2,"config":{"mediaType":"x","digest":"\#(digest)","size":1e40},"layers":[]}"#,
        String(repeating: "[", count: 100_000), "{\"schemaVersion\":\"2\"}", "\u{FF}\u{FE}",
    ])
    func `an invalid manifest is refused by name`(json: String) {
        let error = #expect(throws: OCIError.self) {
            try ImageManifest(json: Array(json.utf8), name: "app:1")
        }
        #expect(error?.description.contains("app:1") == true)
    }

    @Test func `equal values are encoded to equal bytes`() throws {
        var configuration = ImageConfiguration()
        for key in 0..<100 { configuration.config.labels["k\(key)"] = "/v" }
        let bytes = try configuration.json()
        #expect(try ImageConfiguration(json: bytes).json() == bytes)
        #expect(!bytes.contains(UInt8(ascii: "\\")))
    }
}
