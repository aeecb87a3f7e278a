import Glibc
import ImageStore
import Linux
import OCI
import SystemPackage
import TestSupport
import Testing

@testable import Registry

@Suite(
    needsRoot,
    .enabled(
        if: FileSystem.exists("/usr/bin/docker-registry"),
        "Debian's package docker-registry is not installed"
    )
)
struct RealRegistryTests {
    @Test func `an image pushed to docker's registry can be pulled`() async throws {
        try await withScratchDirectory(in: "/var/tmp") { root in
            try await withRegistry(in: root) { authority in
                let registry = Registry(credentials: Credentials(), clock: ContinuousClock())
                let origin = try ImageStore(root: root.appending("origin"))
                let content = [UInt8](repeating: 7, count: 5_000_000)
                let image = try makeImage(in: origin, scratch: root, content: content)
                let reference = try ImageReference("\(authority)/team/app:1")
                let pushed = try await registry.push(image, as: reference, from: origin)
                let digest = pushed.digest
                #expect(try await registry.digest(of: reference) == digest)
                // All content exists on the second push.
                #expect(try await registry.push(image, as: reference, from: origin) == pushed)

                let target = try ImageStore(root: root.appending("target"))
                let pulled = try await registry.pull(reference, into: target)
                #expect(pulled.id == image.id)
                #expect(pulled.layers[0].descriptor.mediaType == .gzipLayer)
                let tree = try target.lowerDirectories(of: pulled)[0]
                #expect(try FileSystem.read(tree.appending("file")) == content)
                #expect(try target.image(reference) == pulled)

                let pinned = try ImageReference("\(authority)/team/app@\(digest)")
                #expect(try await registry.pull(pinned, into: target) == pulled)
                #expect(try target.image(pinned) == pulled)

                let missing = try ImageReference("\(authority)/team/none")
                let error = await #expect(throws: RegistryError.self) {
                    try await registry.pull(missing, into: target)
                }
                #expect(error?.problem == .notFound)
            }
        }
    }

    /// Runs docker's registry on a free port until `body` returns.
    private func withRegistry(
        in root: FilePath,
        _ body: (String) async throws -> Void
    ) async throws {
        let config = root.appending("registry.yml")
        let text = """
            version: 0.1
            storage: {filesystem: {rootdirectory: "\(root)/registry"}}
            http: {addr: "127.0.0.1:0"}
            """
        try AtomicFile.write(Array(text.utf8), to: config)
        let null = try Descriptor.open("/dev/null")
        let log = try Pipe()
        let process = try ChildProgram.start(
            "/usr/bin/docker-registry",
            arguments: ["serve", config.string],
            environment: ["OTEL_TRACES_EXPORTER=none"],
            input: null,
            output: log.writeEnd,
            error: log.writeEnd
        )
        let words = RegistryLog(log.takeReadEnd())
        do {
            try await body(words.authority())
        } catch {
            try process.send(.kill)
            _ = try process.wait()
            throw error
        }
        try process.send(.kill)
        _ = try process.wait()
    }
}

/// The log of a registry, which contains its address.
private final class RegistryLog: Sendable {
    private let descriptor: Descriptor

    init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }

    /// Waits until the registry listens; later output is discarded.
    func authority() async throws -> String {
        let authority = try await BackgroundThread.run {
            var text = ""
            while true {
                let piece = try self.descriptor.read()
                if piece.isEmpty {
                    throw RegistryError(.unreachable(text), in: "docker-registry")
                }
                text += String(decoding: piece, as: UTF8.self)
                if let range = text.firstRange(of: "listening on 127.0.0.1:") {
                    let port = text[range.upperBound...].prefix(while: \.isNumber)
                    return "127.0.0.1:\(port)"
                }
            }
        }
        // Ends when the registry exits and closes the pipe.
        try BackgroundThread.start {
            while let piece = try? self.descriptor.read(), !piece.isEmpty {}
        }
        return authority
    }
}
