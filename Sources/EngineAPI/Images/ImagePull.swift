import ImageStore
import OCI
import Orchestrator
import Registry
import Synchronization

extension Engine {
    /// `POST /images/create`.
    func createImage(_ request: Request, _ response: Response) async throws {
        if let source = request.query["fromSrc"] {
            return try await importImage(from: source, request, response)
        }
        guard let name = request.query["fromImage"] else {
            throw EngineError.badRequest("the parameter 'fromImage' or 'fromSrc' is required")
        }
        let platform = try Self.platform(request) ?? .host
        let tag = request.query["tag"] ?? ""
        let separator = tag.contains(":") ? "@" : ":"
        let reference = try Self.reference(tag.isEmpty ? name : "\(name)\(separator)\(tag)")
        let credentials = try ClientLogins.credentials(of: request, for: reference.domain)
        let registry = registry(credentials)
        // A name without a tag means all tags.
        let isName = tag.isEmpty && name.hasSuffix(reference.familiarName)
        try await ProgressLines.respond(to: request, with: response) { [self] progress in
            do throws(RegistryError) {
                let references =
                    isName ? try await registry.tags(of: reference) : [reference]
                for reference in references {
                    try await pull(reference, platform, from: registry, progress)
                }
            } catch {
                throw Self.pullError(error, reference)
            }
        }
    }

    private func pull(
        _ reference: ImageReference,
        _ platform: Platform,
        from registry: Registry,
        _ progress: ProgressLines
    ) async throws(RegistryError) {
        // An image that cannot be read is replaced.
        let existing = (try? host.images.image(reference))?.id
        let lines = Mutex(TransferLines(.pull))
        let name = reference.domain == "docker.io" ? reference.path : reference.familiarName
        let opening: JSON = [
            "status": .string("Pulling from \(name)"),
            "id": .string(reference.tag ?? reference.digest.map { "\($0)" } ?? ""),
        ]
        let image = try await registry.pull(reference, into: host.images, platform: platform) {
            event in
            if case .manifest = event { progress.send(opening) }
            for line in lines.withLock({ $0.lines(for: event) }) { progress.send(line) }
        }
        host.journal.append(
            HostEvent(
                .image,
                "pull",
                id: reference.familiar,
                attributes: ["name": reference.familiarName]
            )
        )
        let outcome =
            existing == image.id ? "Image is up to date for" : "Downloaded newer image for"
        progress.send(["status": .string("Digest: \(image.manifest.digest)")])
        progress.send(["status": .string("Status: \(outcome) \(reference.familiar)")])
    }

    /// The error of a pull in docker's words, by which clients recognize it.
    static func pullError(_ error: RegistryError, _ reference: ImageReference) -> EngineError {
        switch error.problem {
        case .notFound:
            .notFound("manifest for \(reference.familiar) not found: manifest unknown")
        case .unauthorized, .denied:
            .notFound(
                "pull access denied for \(reference.familiarName), repository does not exist or "
                    + "may require 'docker login': \(error)"
            )
        default: EngineError(error)
        }
    }
}
