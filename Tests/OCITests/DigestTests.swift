import Testing

@testable import OCI

struct DigestTests {
    @Test func `a digest is parsed, formatted and shortened`() throws {
        let text = "sha256:" + String(repeating: "0f", count: 32)
        let digest = try Digest(text)
        #expect(digest.description == text)
        #expect(digest.short == "0f0f0f0f0f0f")
        #expect(Digest(sha256: [UInt8](repeating: 0x0f, count: 32)) == digest)
    }

    @Test(arguments: [
        "", "sha256", "sha256:", "sha256:zz", "md5:" + String(repeating: "0", count: 32),
        "sha256:" + String(repeating: "A", count: 64),
        "sha256:" + String(repeating: "0", count: 63),
        "sha512:" + String(repeating: "0", count: 64),
        "sha256:../" + String(repeating: "0", count: 61),
    ])
    func `an invalid digest is refused`(text: String) {
        #expect(throws: OCIError(.digest, in: text)) { try Digest(text) }
    }
}
