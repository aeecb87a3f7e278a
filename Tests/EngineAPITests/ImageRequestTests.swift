import ImageBuilder
import ImageStore
import OCI
import Registry
import SystemPackage
import Testing

@testable import EngineAPI

struct GlobTests {
    @Test(arguments: [
        ("busybox", "busybox", true), ("busy*", "busybox", true),
        ("busy*:lat?st", "busybox:latest", true),
        ("*", "host:5000/a", false), ("*/a", "host:5000/a", true), ("[a-c]x", "bx", true),
        ("[^a-c]x", "bx", false), (#"\*"#, "*", true), ("a*b*c", "aXbYc", true), ("a", "ab", false),
        ("", "", true), ("a*", "a", true),
    ])
    func `patterns match like Go's path.Match`(pattern: String, text: String, isMatch: Bool) throws
    {
        #expect(try Glob(pattern).matches(text) == isMatch)
    }

    @Test(arguments: ["[", "[a", "[]", "[b-a]", "a\\", "[a-"])
    func `an incomplete pattern is refused`(pattern: String) {
        #expect(throws: EngineError.badRequest("invalid filter 'reference=[\(pattern)]'")) {
            try Glob(pattern)
        }
    }
}

struct ClientLoginsTests {
    @Test(arguments: ["e30=", "e30", "eyJ1IjoiPz8_In0", "eyJ1IjoiPz8/In0="])
    func `both alphabets are read, with and without padding`(text: String) throws {
        let bytes = try #require(ClientLogins.decode(text))
        #expect(bytes.first == UInt8(ascii: "{"))
    }

    @Test(arguments: [JSON.null, [:], ["username": ""], ["auth": ""]])
    func `a document without a login is none`(document: JSON) throws {
        #expect(try ClientLogins.login(in: document, "X") == nil)
    }

    @Test func `a login has a user or an identity token`() throws {
        let login = try ClientLogins.login(in: ["username": "u", "password": "p"], "X")
        #expect(login == RegistryLogin(user: "u", password: "p"))
        let token = try ClientLogins.login(in: ["identitytoken": "t"], "X")
        #expect(token?.identityToken == "t")
        #expect(throws: EngineError.unsupported("X", "'registrytoken' is not supported")) {
            try ClientLogins.login(in: ["registrytoken": "t"], "X")
        }
    }
}

struct TransferLinesTests {
    private let layer = Digest.sha256(of: [1])
    private let configuration = Digest.sha256(of: [2])

    private func statuses(_ lines: [JSON]) -> [String] { lines.compactMap { $0["status"].string } }

    @Test func `a pulled layer has docker's lines, and the configuration none`() {
        var lines = TransferLines(.pull)
        let start = ContinuousClock.now
        #expect(lines.lines(for: .manifest(layer, layers: [layer])).isEmpty)
        #expect(lines.lines(for: .layer(configuration, .done)).isEmpty)
        let first = lines.lines(for: .layer(layer, .moving(1, of: 9)), at: start)
        #expect(statuses(first) == ["Pulling fs layer", "Downloading"])
        #expect(first[1]["progressDetail"] == ["current": 1, "total": 9])
        #expect(first[1]["id"].string == layer.hex.prefix(12).description)
        let soon = start + .milliseconds(50)
        #expect(lines.lines(for: .layer(layer, .moving(2, of: 9)), at: soon).isEmpty)
        let last = lines.lines(for: .layer(layer, .moving(9, of: 9)), at: soon)
        #expect(statuses(last) == ["Downloading"])
        let done = lines.lines(for: .layer(layer, .done))
        #expect(statuses(done) == ["Download complete", "Pull complete"])
    }

    @Test func `a layer that exists has one line`() {
        var lines = TransferLines(.push, ignoring: [configuration])
        #expect(lines.lines(for: .layer(configuration, .present)).isEmpty)
        let present = lines.lines(for: .layer(layer, .present))
        #expect(statuses(present) == ["Layer already exists"])
    }
}

struct BuildParametersTests {
    private func request(_ query: String) throws -> BuildRequest {
        try BuildParameters(query: Query(parsing: query))
            .request(context: "/context")
    }

    @Test func `parameters become a build request`() throws {
        let request = try request(
            "t=a:1&t=b&target=x&nocache=1&pull=true&networkmode=none&shmsize=64&extrahosts=h:1.2.3.4"
                + "&buildargs=%7B%22A%22%3A%22b%22%2C%22N%22%3Anull%7D&labels=%7B%22l%22%3A%22v%22%7D"
                + "&ulimits=%5B%7B%22Name%22%3A%22nofile%22%2C%22Soft%22%3A1%2C%22Hard%22%3A-1%7D%5D"
        )
        #expect(request.tags.map(\.familiar) == ["a:1", "b:latest"])
        #expect(request.target == "x")
        #expect(request.ignoresCache && request.pullsAlways)
        #expect(request.network == .none)
        #expect(request.sharedMemory == 64)
        #expect(request.arguments == ["A": "b"])
        #expect(request.labels == ["l": "v"])
        #expect(request.extraHosts == [.init(name: "h", address: "1.2.3.4")])
        #expect(request.limits == [.init(name: "nofile", soft: 1, hard: .max)])
    }

    @Test(arguments: [
        "memory=100", "cpuquota=1", "squash=1", "isolation=hyperv", "networkmode=mine",
        "t=INVALID", "platform=a/b/c/d", "version=2", "securityopt=%5B%22x%22%5D", "shmsize=x",
    ])
    func `a parameter that cannot be honoured is refused by name`(query: String) {
        #expect(throws: EngineError.self) { try request(query) }
    }

    @Test(arguments: ["memory=0&memswap=0&cpushares=0&version=1&rm=1&forcerm=0&isolation="])
    func `the values that docker's client sends by default are accepted`(query: String) throws {
        #expect(try request(query).tags.isEmpty)
    }
}
