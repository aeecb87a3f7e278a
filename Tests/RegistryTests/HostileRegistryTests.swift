import ImageStore
import Linux
import OCI
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Registry

@Suite(needsRoot)
struct HostileRegistryTests {
    /// The valid content of a registry: one image.
    private struct Content: Sendable {
        var manifest: [UInt8]
        var blobs: [String: [UInt8]]
        var image: Image

        init(scratch: FilePath) throws {
            let store = try ImageStore(root: scratch.appending("origin"))
            // Incompressible, and more than one piece of a transfer.
            var generator = SeededGenerator(seed: 1)
            let content = (0..<3_000_000).map { _ in
                UInt8(truncatingIfNeeded: generator.next())
            }
            image = try makeImage(in: store, scratch: scratch, content: content)
            manifest = try store.document(image.manifest.digest)
            blobs = [:]
            for digest in [image.id, image.layers[0].descriptor.digest] {
                blobs["\(digest)"] = try FileSystem.read(store.path(ofBlob: digest))
            }
        }

        func answer(_ question: Question) -> Answer {
            if question.uri.hasPrefix("/v2/app/manifests/") {
                let type = MediaType.manifest.rawValue
                return Answer(headers: [("content-type", type)], body: manifest)
            }
            let digest = question.uri.split(separator: "/").last.map(String.init) ?? ""
            guard let blob = blobs[digest] else { return Answer(status: 404) }
            guard let range = question.headers["range"],
                let start = Int(range.dropFirst("bytes=".count).dropLast())
            else { return Answer(body: blob) }
            return Answer(
                status: 206,
                headers: [("content-range", "bytes \(start)-\(blob.count - 1)/\(blob.count)")],
                body: Array(blob[start...])
            )
        }
    }

    private func pull(
        _ name: String,
        into root: FilePath,
        credentials: Credentials = Credentials()
    ) async throws -> Image {
        let registry = Registry(
            credentials: credentials,
            certificates: root.appending("certs.d"),
            clock: ImpatientClock()
        )
        let store = try ImageStore(root: root.appending("target"))
        return try await registry.pull(ImageReference(name), into: store)
    }

    @Test func `an image is pulled, and existing content is not downloaded again`() async throws {
        try await withScratchDirectory(in: "/var/tmp") { root in
            let content = try Content(scratch: root)
            let count = Mutex(0)
            try await withServer({ question in
                if question.uri.contains("/blobs/") { count.withLock { $0 += 1 } }
                return content.answer(question)
            }) { authority in
                let image = try await pull("\(authority)/app", into: root)
                #expect(image.id == content.image.id)
                #expect(count.withLock { $0 } == 2)
                _ = try await pull("\(authority)/app", into: root)
                #expect(count.withLock { $0 } == 2)
            }
        }
    }

    @Test func `an interrupted transfer is resumed`() async throws {
        try await withScratchDirectory(in: "/var/tmp") { root in
            let content = try Content(scratch: root)
            let starts = Mutex<[String]>([])
            try await withServer({ question in
                var answer = content.answer(question)
                if answer.body.count > 2_000_000 {
                    answer.breaksAfter = 1_500_000
                    starts.withLock { $0.append(question.headers["range"] ?? "") }
                }
                return answer
            }) { authority in
                let image = try await pull("\(authority)/app", into: root)
                #expect(image.id == content.image.id)
                #expect(starts.withLock { $0.count } <= 2)
            }
        }
    }

    @Test func `transient errors are retried, others are not`() async throws {
        try await withScratchDirectory(in: "/var/tmp") { root in
            let content = try Content(scratch: root)
            for (status, expected) in [(503, 5), (429, 5), (403, 1), (404, 1), (400, 1)] {
                let count = Mutex(0)
                try await withServer({ question in
                    count.withLock { $0 += 1 }
                    return Answer(status: status)
                }) { authority in
                    let error = await #expect(throws: RegistryError.self) {
                        try await pull("\(authority)/app", into: root)
                    }
                    #expect(error?.isCaused(byStatus: status) == true, "\(error as Any)")
                    #expect(count.withLock { $0 } == expected, "status \(status)")
                }
            }
            let failures = Mutex(3)
            try await withServer({ question in
                let fails = failures.withLock { left in
                    left -= 1
                    return left >= 0
                }
                return fails ? Answer(status: 502) : content.answer(question)
            }) { authority in
                let image = try await pull("\(authority)/app", into: root)
                #expect(image.id == content.image.id)
            }
        }
    }

    @Test(arguments: [
        ("content", "digest mismatch"), ("longer", "size"), ("shorter", "closed early"),
        ("manifest", "requested sha256:"), ("digest", "announced sha256:0000"),
        ("both", "requested sha256:"), ("type", "requested sha256:"),
    ])
    func `content that does not match its digest is refused`(
        lie: String,
        reason: String
    ) async throws {
        try await withScratchDirectory(in: "/var/tmp") { root in
            let content = try Content(scratch: root)
            try await withServer({ question in
                var answer = content.answer(question)
                let isManifest = question.uri.contains("manifests")
                switch lie {
                case "content" where !isManifest: answer.body[answer.body.count / 2] ^= 1
                case "longer" where !isManifest: answer.body.append(0)
                case "shorter" where !isManifest: answer.body.removeLast()
                case "manifest" where isManifest: answer.body.append(UInt8(ascii: " "))
                case "digest" where isManifest:
                    answer.headers.append(
                        ("docker-content-digest", "sha256:" + String(repeating: "0", count: 64))
                    )
                case "both" where isManifest:
                    answer.body = Array(
                        (String(decoding: answer.body.dropLast(), as: UTF8.self)
                            + #","manifests":[]}"#).utf8
                    )
                case "type" where isManifest: answer.body = Array("{}".utf8)
                default: break
                }
                return answer
            }) { authority in
                let digest = content.image.manifest.digest
                let error = await #expect(throws: RegistryError.self) {
                    try await pull("\(authority)/app@\(digest)", into: root)
                }
                #expect(error?.description.contains(reason) == true, "\(error as Any)")
                let store = try ImageStore(root: root.appending("target"))
                #expect(try store.images().isEmpty)
                #expect(
                    !store.contains(content.image.layers[0].descriptor.digest) || lie != "content"
                )
            }
        }
    }

    @Test func `a false layer size is refused for content in the store, too`() async throws {
        try await withScratchDirectory(in: "/var/tmp") { root in
            let content = try Content(scratch: root)
            try await withServer({ content.answer($0) }) { authority in
                _ = try await pull("\(authority)/app", into: root)
            }
            var lie = content
            let manifest = try ImageManifest(json: content.manifest)
            var layers = manifest.layers
            layers[0].size = .max
            lie.manifest = try ImageManifest(config: manifest.config, layers: layers).json()
            try await withServer({ [lie] in lie.answer($0) }) { authority in
                let error = await #expect(throws: RegistryError.self) {
                    try await pull("\(authority)/app:other", into: root)
                }
                let layer = content.image.layers[0].descriptor
                let cause = ImageStoreError(
                    .sizeMismatch(expected: .max, actual: layer.size),
                    in: "\(layer.digest)"
                )
                #expect(error?.problem == .store(cause))
            }
        }
    }

    @Test func `a redirect does not receive credentials and must be encrypted`() async throws {
        try await withScratchDirectory(in: "/var/tmp") { root in
            let content = try Content(scratch: root)
            let config = root.appending("config.json")
            let seen = Mutex<[String]>([])
            try await withServer({ question in
                seen.withLock { $0.append(question.headers["authorization"] ?? "none") }
                return content.answer(question)
            }) { storage in
                try await withServer({ question in
                    guard question.headers["authorization"] == "Basic dTpw" else {
                        return Answer(
                            status: 401,
                            headers: [("www-authenticate", "Basic realm=\"r\"")]
                        )
                    }
                    if question.uri.contains("/blobs/") {
                        let target = "http://\(storage)\(question.uri)"
                        return Answer(status: 307, headers: [("location", target)])
                    }
                    return content.answer(question)
                }) { authority in
                    let auths = #"{"auths":{"\#(authority)":{"auth":"dTpw"}}}"#
                    try AtomicFile.write(Array(auths.utf8), to: config)
                    let credentials = try Credentials(reading: config, environment: [:])
                    let image = try await pull(
                        "\(authority)/app",
                        into: root,
                        credentials: credentials
                    )
                    #expect(image.id == content.image.id)
                    #expect(seen.withLock { Set($0) } == ["none"])
                }
            }
        }
    }

    @Test func `a token comes from the token server and is sent only to the registry`() async throws
    {
        try await withScratchDirectory(in: "/var/tmp") { root in
            let content = try Content(scratch: root)
            try await withServer({ question in
                #expect(question.uri.contains("scope=repository%3Aapp%3Apull"))
                #expect(question.uri.contains("service=reg"))
                return Answer(body: Array(#"{"token":"t0"}"#.utf8))
            }) { tokens in
                try await withServer({ question in
                    guard question.headers["authorization"] == "Bearer t0" else {
                        let challenge =
                            "Bearer realm=\"http://\(tokens)/token\",service=\"reg\","
                            + "scope=\"repository:app:pull\""
                        return Answer(status: 401, headers: [("www-authenticate", challenge)])
                    }
                    return content.answer(question)
                }) { authority in
                    let image = try await pull("\(authority)/app", into: root)
                    #expect(image.id == content.image.id)
                }
            }
        }
    }

    @Test(arguments: [
        ("Bearer realm=\"http://evil.example/token\"", "invalid response"),
        ("Bearer realm=\"file:///etc/passwd\"", "invalid response"),
        ("Bearer realm=\"https://user@evil.example/\"", "invalid response"),
        ("Digest x", "requires authentication"), ("Basic realm=\"x\"", "requires authentication"),
    ])
    func `credentials are not sent to untrusted token servers`(
        challenge: String,
        reason: String
    ) async throws {
        try await withScratchDirectory(in: "/var/tmp") { root in
            try await withServer({ _ in
                Answer(status: 401, headers: [("www-authenticate", challenge)])
            }) { authority in
                let error = await #expect(throws: RegistryError.self) {
                    try await pull("\(authority)/app", into: root)
                }
                #expect(error?.description.contains(reason) == true, "\(error as Any)")
            }
        }
    }

    @Test(arguments: ["/loop", "http://evil.example/x", "gopher://x", "//evil.example/x"])
    func `an invalid redirect is an error`(target: String) async throws {
        try await withScratchDirectory(in: "/var/tmp") { root in
            try await withServer({ _ in Answer(status: 302, headers: [("location", target)]) }) {
                authority in
                let error = await #expect(throws: RegistryError.self) {
                    try await pull("\(authority)/app", into: root)
                }
                guard case .hostile = error?.problem else {
                    Issue.record("another error: \(error as Any)")
                    return
                }
            }
        }
    }

    @Test func `a missing platform is reported with the available ones`() async throws {
        try await withScratchDirectory(in: "/var/tmp") { root in
            let entry = ContentDescriptor(
                mediaType: .manifest,
                digest: .sha256(of: [1]),
                size: 1,
                platform: Platform(os: "linux", architecture: "s390x")
            )
            let index = try ImageIndex(manifests: [entry]).json()
            try await withServer({ _ in
                Answer(headers: [("content-type", MediaType.index.rawValue)], body: index)
            }) { authority in
                let error = await #expect(throws: RegistryError.self) {
                    try await pull("\(authority)/app", into: root)
                }
                #expect(error?.description.contains("linux/s390x") == true)
            }
        }
    }
}

extension RegistryError {
    /// Whether it reports this HTTP status of a response.
    fileprivate func isCaused(byStatus status: Int) -> Bool {
        switch problem {
        case .denied: status == 403
        case .notFound: status == 404
        case .rateLimited: status == 429
        case .unexpected(let actual, _): status == actual
        default: false
        }
    }
}
