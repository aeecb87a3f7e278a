import Testing

@testable import swiftcompose

struct PublishedURLTests {
    @Test(
        arguments: [
            ("0.0.0.0", 80, 8080, nil, "http://localhost:8080/"),
            ("127.0.0.1", 443, 443, nil, "https://127.0.0.1/"),
            ("::1", 8443, 9443, nil, "https://[::1]:9443/"),
            ("::", 80, 80, nil, "http://localhost/"),
            ("127.0.0.1", 9000, 9000, "ws", "ws://127.0.0.1:9000/"),
        ] as [(String, UInt16, UInt16, String?, String)]
    )
    func `a published port has a URL for this host`(
        address: String,
        target: UInt16,
        published: UInt16,
        scheme: String?,
        expected: String
    ) {
        let publisher = ContainerListing.Publisher(
            url: address,
            targetPort: target,
            publishedPort: published,
            protocol: "tcp"
        )
        #expect(PublishedURL(publisher, scheme: scheme).url == expected)
    }
}
