import Testing

@testable import OCI

struct ImageReferenceTests {
    static let digest = "sha256:" + String(repeating: "ab", count: 32)

    @Test(arguments: [
        ("debian", "docker.io/library/debian:latest", "debian:latest"),
        ("debian:bookworm-slim", "docker.io/library/debian:bookworm-slim", "debian:bookworm-slim"),
        ("docker.io/debian", "docker.io/library/debian:latest", "debian:latest"),
        ("index.docker.io/library/debian", "docker.io/library/debian:latest", "debian:latest"),
        ("bitnami/redis", "docker.io/bitnami/redis:latest", "bitnami/redis:latest"),
        ("localhost/app", "localhost/app:latest", "localhost/app:latest"),
        ("localhost:5000/app:1", "localhost:5000/app:1", "localhost:5000/app:1"),
        ("ghcr.io/a/b/c:v1.2", "ghcr.io/a/b/c:v1.2", "ghcr.io/a/b/c:v1.2"),
        ("[::1]:5000/app", "[::1]:5000/app:latest", "[::1]:5000/app:latest"),
        ("Host/app", "Host/app:latest", "Host/app:latest"),
        ("a__b/c-.d".replacing("-.", with: "--"), "docker.io/a__b/c--d:latest", "a__b/c--d:latest"),
        ("debian@\(digest)", "docker.io/library/debian@\(digest)", "debian@\(digest)"),
        ("debian:12@\(digest)", "docker.io/library/debian:12@\(digest)", "debian:12@\(digest)"),
        ("docker.io/library/a/b", "docker.io/library/a/b:latest", "library/a/b:latest"),
    ])
    func `a name is normalized as by docker`(
        text: String,
        full: String,
        familiar: String
    ) throws {
        let reference = try ImageReference(text)
        #expect(reference.description == full)
        #expect(reference.familiar == familiar)
        #expect(try ImageReference(full) == reference)
        #expect(try ImageReference(familiar) == reference)
    }

    @Test(arguments: [
        "", ":tag", "Debian", "docker.io/Debian", "a//b", "a/", "/a", "a:", "a:b:c", "a:-x", "a:.x",
        "a@sha256:12", "a@", "a..b", "a___b", "-a", "a-", "a b", "a\nb", "a/../b", "../a", "é",
        "localhost:port/a", "a.-b.com/x", String(repeating: "ab", count: 32),
        "a:" + String(repeating: "x", count: 129), String(repeating: "a/", count: 200) + "a",
    ])
    func `an invalid reference is refused`(text: String) {
        #expect(throws: OCIError.self) { try ImageReference(text) }
    }

    @Test func `an upper-case repository is reported as the reason`() {
        let error = #expect(throws: OCIError.self) { try ImageReference("docker.io/Debian") }
        #expect(error?.description.contains("lower case") == true)
    }

    @Test func `another tag replaces tag and digest`() throws {
        let reference = try ImageReference("app:1@\(Self.digest)").with(tag: "2")
        #expect(reference.description == "docker.io/library/app:2")
    }
}
