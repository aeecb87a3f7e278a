import Testing

@testable import OCI

struct PlatformTests {
    @Test(arguments: [
        ("linux/amd64", "linux/amd64"), ("linux/x86_64", "linux/amd64"),
        ("arm64", "linux/arm64/v8"),
        ("linux/aarch64", "linux/arm64/v8"), ("linux/arm/7", "linux/arm/v7"),
        ("Linux/ARM/v6", "linux/arm/v6"), ("linux/armhf", "linux/arm/v7"),
        ("windows/amd64", "windows/amd64"),
    ])
    func `a platform is parsed in every spelling`(text: String, expected: String) throws {
        #expect(try Platform(text).description == expected)
    }

    @Test(arguments: ["", "/", "linux/", "linux/amd64/v1/x", "linux/am d64"])
    func `an invalid platform is refused`(text: String) {
        #expect(throws: OCIError(.platform, in: text)) { try Platform(text) }
    }

    @Test func `an index returns the manifest of the exact variant and no attestation`() throws {
        let digest = Digest(sha256: [UInt8](repeating: 1, count: 32))
        func manifest(_ platform: String, size: Int64) throws -> ContentDescriptor {
            ContentDescriptor(
                mediaType: .manifest,
                digest: digest,
                size: size,
                platform: try Platform(platform)
            )
        }
        var attestation = try manifest("linux/arm/v7", size: 9)
        attestation.annotations[AnnotationKey.dockerReferenceType] = "attestation-manifest"
        let index = ImageIndex(manifests: [
            attestation, try manifest("linux/amd64", size: 1),
            try manifest("linux/arm/v6", size: 2),
            try manifest("linux/arm/v7", size: 3),
        ])
        #expect(index.manifest(for: try Platform("linux/arm/v7"))?.size == 3)
        #expect(index.manifest(for: try Platform("linux/amd64"))?.size == 1)
        #expect(index.manifest(for: try Platform("linux/s390x")) == nil)
    }
}
