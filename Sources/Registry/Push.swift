import Archive
import AsyncHTTPClient
import ImageStore
import Linux
import NIOCore
import NIOHTTP1
import OCI
import SystemPackage

/// Pushes an image to a registry.
struct Push: Sendable {
    let session: Session
    let reference: ImageReference
    let store: ImageStore
    let image: Image
    let progress: @Sendable (TransferEvent) -> Void

    /// The number of concurrent transfers, as in docker.
    private static let width = 3

    func run() async throws(RegistryError) -> ContentDescriptor {
        let hold = try await store.sharedHold(for: reference.familiar)
        defer { withExtendedLifetime(hold) {} }
        let layers = try await sendLayers()
        let config = ContentDescriptor(
            mediaType: .configuration,
            digest: image.id,
            size: try await size(of: image.id)
        )
        try await send(config)
        let manifest = ImageManifest(config: config, layers: layers)
        let bytes: [UInt8]
        do throws(OCIError) {
            bytes = try manifest.json()
        } catch {
            throw RegistryError(.document(error), in: reference.familiar)
        }
        try await sendManifest(bytes)
        return ContentDescriptor(
            mediaType: .manifest,
            digest: Digest.sha256(of: bytes),
            size: Int64(bytes.count)
        )
    }

    private func sendLayers() async throws(RegistryError) -> [ContentDescriptor] {
        let layers = image.layers.map(\.descriptor)
        do {
            return try await withThrowingTaskGroup(of: (Int, ContentDescriptor).self) { group in
                var sent = layers
                var next = 0
                func start() {
                    guard next < layers.count else { return }
                    let (position, layer) = (next, layers[next])
                    next += 1
                    group.addTask { (position, try await sendLayer(layer)) }
                }
                for _ in 0..<Self.width { start() }
                while let (position, descriptor) = try await group.next() {
                    sent[position] = descriptor
                    start()
                }
                return sent
            }
        } catch {
            throw RegistryError(transport: error, in: reference.familiar)
        }
    }

    /// Sends a layer, compressing it first if it is stored uncompressed, as loaded ones may be.
    private func sendLayer(
        _ layer: ContentDescriptor
    ) async throws(RegistryError) -> ContentDescriptor {
        guard layer.mediaType == .layer else {
            try await send(layer)
            return layer
        }
        let store = store
        let compressed = try await RegistryError.during(reference.familiar) {
            () throws(ImageStoreError) in try store.compressed(layer)
        }
        try await send(compressed)
        return compressed
    }

    private func send(_ blob: ContentDescriptor) async throws(RegistryError) {
        let base = "\(reference.path)/blobs/"
        let url = session.endpoint.url(base + "\(blob.digest)")
        let known = try await session.send(Session.Request(method: .HEAD, url: url))
        if known.status == .ok {
            progress(.layer(blob.digest, .present))
            return
        }
        var failures = 0
        while true {
            do throws(RegistryError) {
                try await upload(blob, at: session.endpoint.url(base + "uploads/"))
                break
            } catch {
                failures += 1
                guard error.isTransient, failures < Session.attempts else { throw error }
                try await session.pause(afterFailures: failures)
            }
        }
        progress(.layer(blob.digest, .done))
    }

    /// Uploads a blob: requests a location, then sends all bytes.
    private func upload(
        _ blob: ContentDescriptor,
        at start: String
    ) async throws(RegistryError) {
        let opening = Session.Request(
            method: .POST,
            url: start,
            headers: [("content-length", "0")]
        )
        let opened = try await session.attempt(opening)
        try await session.requireSuccess(opened, [202])
        guard let location = opened.headers.first(name: "location"),
            let place = Origin.resolve(location, at: start), let origin = Origin(place),
            origin.isSecure || session.endpoint.scheme == "http"
        else {
            throw RegistryError(
                .hostile("an upload without a valid location"),
                in: reference.familiar
            )
        }
        let (path, progress) = (store.path(ofBlob: blob.digest), progress)
        let separator = place.contains("?") ? "&" : "?"
        let request = Session.Request(
            method: .PUT,
            url: "\(place)\(separator)digest=\(blob.digest)",
            headers: [("content-type", "application/octet-stream")],
            body: {
                let pieces = try FilePieces(path) { count in
                    progress(.layer(blob.digest, .moving(count, of: blob.size)))
                }
                return .stream(pieces, length: .known(blob.size))
            }
        )
        let isHome = origin == Origin(start)
        let done =
            isHome
            ? try await session.attempt(request)
            : try await session.once(request, url: request.url, authorization: nil)
        try await session.requireSuccess(done, [201])
    }

    private func sendManifest(_ bytes: [UInt8]) async throws(RegistryError) {
        let name = reference.tag ?? "\(Digest.sha256(of: bytes))"
        let request = Session.Request(
            method: .PUT,
            url: session.endpoint.url("\(reference.path)/manifests/\(name)"),
            headers: [("content-type", MediaType.manifest.rawValue)],
            body: { .bytes(bytes) }
        )
        try await session.requireSuccess(try await session.send(request), [201])
    }

    private func size(of digest: Digest) async throws(RegistryError) -> Int64 {
        let store = store
        return try await RegistryError.during(reference.familiar) {
            () throws(ImageStoreError) in Int64(try store.document(digest).count)
        }
    }
}

/// A file as a request's body, read on background threads.
private struct FilePieces: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    private let file: Shared<Descriptor>
    private let progress: @Sendable (Int64) -> Void

    init(_ path: FilePath, progress: @escaping @Sendable (Int64) -> Void) throws {
        file = Shared(try Descriptor.open(path))
        self.progress = progress
    }

    func makeAsyncIterator() -> Iterator { Iterator(file: file, progress: progress) }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate let file: Shared<Descriptor>
        fileprivate let progress: @Sendable (Int64) -> Void
        private var count: Int64 = 0

        fileprivate init(file: Shared<Descriptor>, progress: @escaping @Sendable (Int64) -> Void) {
            self.file = file
            self.progress = progress
        }

        mutating func next() async throws -> ByteBuffer? {
            let file = file
            let piece = try await BackgroundThread.run { try file.value.read(upTo: 1 << 20) }
            guard !piece.isEmpty else { return nil }
            count += Int64(piece.count)
            progress(count)
            return ByteBuffer(bytes: piece)
        }
    }
}
