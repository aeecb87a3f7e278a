import ImageStore
import OCI
import Orchestrator
import Registry
import Synchronization

extension Engine {
    /// `POST /images/{name}/push`.
    func pushImage(_ request: Request, _ response: Response) async throws {
        let name = request.parameter("name")
        let tag = request.query["tag"]
        let wanted = try Self.reference(tag.map { "\(name):\($0)" } ?? name)
        if request.query["platform"] != nil {
            throw EngineError.unsupported("platform", "an image has one platform here")
        }
        let credentials = try ClientLogins.credentials(of: request, for: wanted.domain)
        let registry = registry(credentials)
        // A name without a tag means all tags.
        let isName = tag == nil && name.hasSuffix(wanted.familiarName)
        let images = try host.images.images().filter { tagged in
            guard let reference = tagged.reference else { return false }
            return isName ? reference.name == wanted.name : reference == wanted
        }
        try await ProgressLines.respond(to: request, with: response) { [self] progress in
            progress.send([
                "status": .string("The push refers to repository [\(wanted.name)]")
            ])
            guard !images.isEmpty else {
                throw EngineError.notFound(
                    "An image does not exist locally with the tag: \(wanted.familiarName)"
                )
            }
            for tagged in images {
                if let reference = tagged.reference {
                    try await push(tagged.image, as: reference, to: registry, progress)
                }
            }
        }
    }

    private func push(
        _ image: Image,
        as reference: ImageReference,
        to registry: Registry,
        _ progress: ProgressLines
    ) async throws {
        let lines = Mutex(TransferLines(.push, ignoring: [image.id]))
        let manifest: ContentDescriptor
        do {
            manifest = try await registry.push(image, as: reference, from: host.images) { event in
                for line in lines.withLock({ $0.lines(for: event) }) { progress.send(line) }
            }
        } catch {
            switch error.problem {
            case .unauthorized: throw EngineError(401, "unauthorized: \(error)")
            case .denied: throw EngineError(403, "denied: \(error)")
            default: throw error
            }
        }
        report("push", image, reference)
        let (tag, digest) = (reference.tag ?? "", "\(manifest.digest)")
        progress.send(["status": .string("\(tag): digest: \(digest) size: \(manifest.size)")])
        progress.send([
            "progressDetail": [:],
            "aux": [
                "Tag": .string(tag), "Digest": .string(digest), "Size": .integer(manifest.size),
            ],
        ])
    }
}
