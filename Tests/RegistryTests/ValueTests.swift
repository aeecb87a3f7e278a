import Testing

@testable import Registry

struct RegistryValueTests {
    @Test(arguments: [
        ("Basic realm=\"x\"", Challenge.basic),
        (
            "Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\","
                + "scope=\"repository:a/b:pull,push\"",
            .bearer(
                realm: "https://auth.docker.io/token",
                service: "registry.docker.io",
                scope: "repository:a/b:pull,push"
            )
        ),
        ("bearer realm=https://a/t", .bearer(realm: "https://a/t", service: nil, scope: nil)),
        (
            "Bearer service=\"a\\\"b\", realm=\"https://a\"",
            .bearer(realm: "https://a", service: "a\"b", scope: nil)
        ),
    ])
    func `a challenge is parsed`(header: String, expected: Challenge) {
        #expect(Challenge(header) == expected)
    }

    @Test(arguments: ["", "Digest realm=x", "Bearer", "Bearer ,,,=", "Bearer realm", "Bearer =x"])
    func `an unknown challenge is ignored`(header: String) {
        #expect(Challenge(header) == nil)
    }

    @Test(arguments: [
        ("localhost", "http"), ("localhost:5000", "http"), ("127.0.0.1:5000", "http"),
        ("127.8.9.10", "http"), ("[::1]:5000", "http"), ("docker.io", "https"),
        ("localhost.example.org", "https"), ("127.0.0.1.example.org", "https"),
        ("128.0.0.1", "https"), ("ghcr.io", "https"),
    ])
    func `only localhost is contacted without encryption`(domain: String, scheme: String) {
        #expect(RegistryEndpoint(domain, hasCertificates: false).scheme == scheme)
        #expect(RegistryEndpoint(domain, hasCertificates: true).scheme == "https")
    }

    @Test(arguments: [
        "", "ftp://a", "https://", "https://user@host/", "https://a b/", "//host/x", "https:///x",
        "https://a\r\nx: y/",
    ])
    func `an invalid HTTP URL has no origin`(url: String) {
        #expect(Origin(url) == nil)
    }

    @Test func `a relative URL is resolved against its origin`() {
        #expect(Origin.resolve("/a?b", at: "https://h:1/v2/") == "https://h:1/a?b")
        #expect(Origin.resolve("//evil/a", at: "https://h/") == nil)
        #expect(Origin.resolve("https://other/a", at: "https://h/") == "https://other/a")
        #expect(Origin("https://H:443/a") == Origin("https://h/b"))
    }

    @Test func `the environment selects a proxy, but not for localhost`() {
        let choice = ProxyChoice(environment: [
            "HTTPS_PROXY": "http://proxy.example:3128", "http_proxy": "p:1",
            "NO_PROXY": "a.org,.b.org",
        ])
        let proxy = { (domain: String) in
            choice.proxy(for: RegistryEndpoint(domain, hasCertificates: false)).map {
                "\($0.host):\($0.port)"
            }
        }
        #expect(proxy("ghcr.io") == "proxy.example:3128")
        #expect(proxy("localhost:5000") == nil)
        #expect(proxy("a.org") == nil)
        #expect(proxy("x.b.org") == nil)
        #expect(proxy("xb.org") == "proxy.example:3128")
    }

    @Test func `a registry's message is shown on one line`() {
        let bytes = Array(#"{"errors":[{"code":"DENIED","message":"no\nway"}]}"#.utf8)
        #expect(ErrorDocument.text(bytes) == "no way")
        #expect(ErrorDocument.text(Array("<html>\u{1b}[31m".utf8)) == "<html> [31m")
    }
}
