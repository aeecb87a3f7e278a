import Archive
import ImageStore
import Linux
import NIOCore
import OCI
import Orchestrator
import SystemPackage

extension Engine {
    /// `POST /images/load`.
    func loadImages(_ request: Request, _ response: Response) async throws {
        let platform = try Self.platform(request) ?? .host
        let loaded: [TaggedImage]
        do {
            loaded = try await reading(request.body) { [store = host.images] archive in
                try store.load(archive, platform: platform)
            }
        } catch {
            // Clients look for the error in the stream.
            let message = JSON.string(EngineError(error).message)
            let body = try await response.stream()
            try await body.write(["errorDetail": ["message": message], "error": message])
            return try await body.end()
        }
        let body = try await response.stream()
        for tagged in loaded {
            let name = tagged.reference?.familiar
            host.journal.append(
                HostEvent(
                    .image,
                    "load",
                    id: "\(tagged.image.id)",
                    attributes: ["name": name ?? "\(tagged.image.id)"]
                )
            )
            let text = name.map { "Loaded image: \($0)\n" }
            try await body.write([
                "stream": .string(text ?? "Loaded image ID: \(tagged.image.id)\n")
            ])
        }
        try await body.end()
    }

    /// Calls `work`, on a thread that may block, with the body of a request.
    ///
    /// An error about the content is one of the request.
    func reading<Result: Sendable>(
        _ body: RequestBody,
        _ work: @escaping @Sendable (ByteSource) throws -> Result
    ) async throws -> Result {
        let pipe = try Pipe()
        let sink = try pipe.writeEnd.duplicate().release()
        let source = pipe.takeReadEnd().release()
        async let result = BackgroundThread.run {
            try work(ByteSource(owning: Descriptor(owning: source), name: "archive"))
        }
        await body.feed(sink)
        do {
            return try await result
        } catch let error as ImageStoreError where error.isFaultOfContent {
            throw EngineError.badRequest("\(error)")
        } catch let error as ArchiveError {
            throw EngineError.badRequest("\(error)")
        }
    }

    /// `GET /images/{name}/get` and `GET /images/get`.
    func saveImages(_ request: Request, _ response: Response) async throws {
        let names =
            request.parameters["name"].map { [$0] }
            ?? request.query.all("names").flatMap { $0.split(separator: ",").map(String.init) }
        guard !names.isEmpty else { throw EngineError.badRequest("no image is named") }
        let platform = try Self.platform(request)
        let all = try host.images.images()
        let chosen = try names.flatMap { try saved($0, among: all) }
        if let platform, let other = chosen.first(where: { !platform.accepts($0.image.platform) }) {
            throw EngineError.notFound(
                "image \(names[0]) is for \(other.image.platform), not for \(platform)"
            )
        }
        let body = try await response.stream("application/x-tar")
        let store = host.images
        try await BackgroundThread.run {
            try store.save(chosen) { (bytes) throws(ArchiveError) in
                guard body.writeBlocking(bytes) else {
                    let fault = SystemCallError(
                        call: "write",
                        subject: "client",
                        reason: .brokenPipe
                    )
                    throw ArchiveError(.system(fault), in: "archive")
                }
            }
        }
        try await body.end()
    }

    /// The images that `name` selects: one, or all tags of a repository.
    private func saved(_ name: String, among all: [TaggedImage]) throws -> [TaggedImage] {
        if let reference = try? ImageReference(name), name.hasSuffix(reference.familiarName) {
            let tags = all.filter { $0.reference?.name == reference.name }
            if !tags.isEmpty { return tags }
        }
        let named = try image(name)
        // An image that is named by its id is saved without a name.
        let reference = (try? ImageReference(name)).flatMap {
            named.references.contains($0) ? $0 : nil
        }
        return [TaggedImage(reference: reference, image: named.image)]
    }
}

extension ImageStoreError {
    /// Whether the content of an archive is at fault, and not the store.
    fileprivate var isFaultOfContent: Bool {
        switch problem {
        case .missingBlob, .digestMismatch, .sizeMismatch, .unsupportedAlgorithm, .layerCount,
            .noImage, .tooLong, .archive, .document:
            true
        default: false
        }
    }
}
