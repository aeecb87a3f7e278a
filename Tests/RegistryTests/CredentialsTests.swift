import Linux
import SystemPackage
import TestSupport
import Testing

@testable import Registry

struct CredentialsTests {
    @Test func `logins are found in docker's format`() async throws {
        try await withScratchDirectory(in: "/var/tmp") { root in
            let config = """
                {"auths":{"https://index.docker.io/v1/":{"auth":"bWU6c2VjcmV0OngA"},
                "ghcr.io":{"identitytoken":"t"},"empty.io":{}}}
                """
            let credentials = try credentials(config, in: root)
            let login = try await credentials.login(for: "docker.io")
            #expect(login == Credentials.Login(user: "me", secret: "secret:x"))
            #expect(try await credentials.login(for: "ghcr.io")?.isIdentityToken == true)
            #expect(try await credentials.login(for: "empty.io") == nil)
            #expect(try await credentials.login(for: "evil.io") == nil)
        }
    }

    @Test func `a credential helper is queried for its registry`() async throws {
        try await withScratchDirectory(in: "/var/tmp") { root in
            let script = """
                #!/bin/sh
                read server
                [ "$1 $server" = "get reg.io" ] || { echo credentials not found; exit 1; }
                echo '{"ServerURL":"x","Username":"u","Secret":"s"}'
                """
            let path = root.appending("docker-credential-test")
            try AtomicFile.write(Array(script.utf8), to: path, mode: 0o755)
            let credentials = try credentials(#"{"credsStore":"test"}"#, in: root)
            let login = try await credentials.login(for: "reg.io")
            #expect(login == Credentials.Login(user: "u", secret: "s"))
            #expect(try await credentials.login(for: "other.io") == nil)
        }
    }

    @Test(arguments: [
        "{", "[]", #"{"auths":{"reg.io":{"auth":"%%%"}}}"#,
        #"{"auths":{"reg.io":{"auth":"YWJj"}}}"#,
        #"{"credHelpers":{"reg.io":"../../bin/sh"}}"#, #"{"credsStore":"missing"}"#,
    ])
    func `unusable credentials are reported`(config: String) async throws {
        try await withScratchDirectory(in: "/var/tmp") { root in
            let error = await #expect(throws: RegistryError.self) {
                _ = try await credentials(config, in: root).login(for: "reg.io")
            }
            guard case .credentials = error?.problem else {
                Issue.record("another error: \(error as Any)")
                return
            }
        }
    }

    private func credentials(_ config: String, in root: FilePath) throws -> Credentials {
        let path = root.appending("config.json")
        try AtomicFile.write(Array(config.utf8), to: path)
        return try Credentials(
            reading: path,
            environment: ["PATH": "\(root):/usr/bin:/bin"]
        )
    }
}
