import ImageStore
import OCI

/// Pulls an image to the store.
struct Pull: Sendable {
    let session: Session
    let reference: ImageReference
    let store: ImageStore
    let platform: Platform
    let progress: @Sendable (TransferEvent) -> Void

    /// The number of concurrent transfers, as in docker.
    private static let width = 3
    /// The limit on layers; overlayfs supports no more than 500.
    private static let layerLimit = 500

    func run() async throws(RegistryError) -> Image {
        let (store, reference) = (store, reference)
        let hold = try await store.sharedHold(for: reference.familiar)
        defer { withExtendedLifetime(hold) {} }
        let image = try await transfer()
        try await RegistryError.during(reference.familiar) { () throws(ImageStoreError) in
            try store.tag(image, as: reference)
        }
        return image
    }

    private func transfer() async throws(RegistryError) -> Image {
        let (document, descriptor) = try await manifest()
        let manifest: ImageManifest
        do throws(OCIError) {
            manifest = try ImageManifest(json: document.bytes, name: reference.familiar)
        } catch {
            throw RegistryError(.document(error), in: reference.familiar)
        }
        guard manifest.layers.count <= Self.layerLimit else {
            let fault = "an image with \(manifest.layers.count) layers"
            throw RegistryError(.hostile(fault), in: reference.familiar)
        }
        guard manifest.config.size <= Int64(Session.documentLimit) else {
            throw RegistryError(
                .hostile("an image configuration that is too large"),
                in: reference.familiar
            )
        }
        progress(.manifest(document.digest, layers: manifest.layers.map(\.digest)))
        try await fetchAll([manifest.config] + manifest.layers)
        let store = store
        return try await RegistryError.during(reference.familiar) { () throws(ImageStoreError) in
            _ = try store.add(document.bytes, mediaType: descriptor.mediaType)
            return try store.addImage(descriptor)
        }
    }

    /// The manifest for the platform.
    private func manifest() async throws(RegistryError) -> (
        ManifestRequest.Document, ContentDescriptor
    ) {
        let request = ManifestRequest(session: session, reference: reference)
        let top = try await request.fetch()
        guard top.mediaType.isIndex else {
            let descriptor = ContentDescriptor(
                mediaType: top.mediaType,
                digest: top.digest,
                size: Int64(top.bytes.count)
            )
            return (top, descriptor)
        }
        let index: ImageIndex
        do throws(OCIError) {
            index = try ImageIndex(json: top.bytes, name: reference.familiar)
        } catch {
            throw RegistryError(.document(error), in: reference.familiar)
        }
        guard let chosen = index.manifest(for: platform) else {
            let available = index.manifests.compactMap(\.platform).filter { $0.os != "unknown" }
            let problem = RegistryError.Problem.platform(platform, available: available)
            throw RegistryError(problem, in: reference.familiar)
        }
        let document = try await request.fetch(chosen)
        guard document.mediaType.isManifest else {
            throw RegistryError(.hostile("a nested index"), in: reference.familiar)
        }
        let descriptor = ContentDescriptor(
            mediaType: document.mediaType,
            digest: document.digest,
            size: Int64(document.bytes.count),
            platform: chosen.platform
        )
        return (document, descriptor)
    }

    private func fetchAll(_ descriptors: [ContentDescriptor]) async throws(RegistryError) {
        var seen: Set<Digest> = []
        var waiting = descriptors.filter { seen.insert($0.digest).inserted }[...]
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for descriptor in waiting.prefix(Self.width) {
                    group.addTask { try await fetch(descriptor) }
                }
                waiting = waiting.dropFirst(Self.width)
                while try await group.next() != nil {
                    guard let descriptor = waiting.popFirst() else { continue }
                    group.addTask { try await fetch(descriptor) }
                }
            }
        } catch {
            throw RegistryError(transport: error, in: reference.familiar)
        }
    }

    private func fetch(_ descriptor: ContentDescriptor) async throws(RegistryError) {
        let isPresent = try await RegistryError.during(reference.familiar) {
            () throws(ImageStoreError) in try store.contains(descriptor)
        }
        if isPresent {
            progress(.layer(descriptor.digest, .present))
            return
        }
        let fetch = BlobFetch(
            session: session,
            url: session.endpoint.url("\(reference.path)/blobs/\(descriptor.digest)"),
            descriptor: descriptor,
            store: store,
            progress: progress
        )
        try await fetch.run()
        progress(.layer(descriptor.digest, .done))
    }
}
