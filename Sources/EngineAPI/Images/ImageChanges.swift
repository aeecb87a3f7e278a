import ImageStore
import Linux
import OCI
import Orchestrator
import Registry

extension Engine {
    /// `POST /images/create` with `fromImage`.
    func pullImage(_ request: Request, _ response: Response) async throws {
        guard let name = request.query["fromImage"] else {
            throw EngineError(
                501,
                "importing a root file system is not supported by the API; use 'swiftcompose image import'"
            )
        }
        let tag = request.query["tag"] ?? ""
        let separator = tag.contains(":") ? "@" : ":"
        let text = tag.isEmpty ? name : "\(name)\(separator)\(tag)"
        let reference: ImageReference
        do {
            reference = try ImageReference(text)
        } catch {
            throw EngineError.badRequest("invalid reference format: \(error)")
        }
        let platform = try request.query["platform"].map { try Platform($0) } ?? .host
        let existing = try host.images.image(reference)?.id
        let image = try await registry(request).pull(
            reference,
            into: host.images,
            platform: platform
        )
        host.journal.append(
            HostEvent(
                .image,
                "pull",
                id: reference.familiar,
                attributes: ["name": reference.familiarName]
            )
        )
        let status = existing == image.id ? "Image is up to date for" : "Downloaded newer image for"
        let body = try await response.stream()
        try await body.write([
            "status": .string("Pulling from \(reference.familiarName)"),
            "id": .string(reference.tag ?? ""),
        ])
        try await body.write(["status": .string("Digest: \(image.manifest.digest)")])
        try await body.write(["status": .string("Status: \(status) \(reference.familiar)")])
        try await body.end()
    }

    /// The registries with the logins of this process's user.
    private func registry(_ request: Request) throws -> Registry {
        Registry(
            credentials: try Credentials(
                reading: Credentials.standardPath(environment: environment),
                environment: environment
            ),
            environment: environment
        )
    }

    /// `POST /images/{name}/tag`.
    func tagImage(_ request: Request, _ response: Response) async throws {
        let named = try image(request.parameter("name"))
        guard let repository = request.query["repo"] else {
            throw EngineError.badRequest("repository name must not be empty")
        }
        let reference = try Self.reference("\(repository):\(request.query["tag"] ?? "latest")")
        try host.images.tag(named.image, as: reference)
        report("tag", named.image, reference)
        try await response.send(status: 201)
    }

    private static func reference(_ text: String) throws(EngineError) -> ImageReference {
        do {
            return try ImageReference(text)
        } catch {
            throw .badRequest("invalid reference format: \(error)")
        }
    }

    private func report(_ action: String, _ image: Image, _ reference: ImageReference) {
        let attributes = ["name": reference.familiar]
        host.journal.append(HostEvent(.image, action, id: "\(image.id)", attributes: attributes))
    }

    /// `DELETE /images/{name}`.
    func removeImage(_ request: Request, _ response: Response) async throws {
        let name = request.parameter("name")
        let named = try image(name)
        let isForced = request.query.flag("force")
        let reference = (try? ImageReference(name)).flatMap {
            named.references.contains($0) ? $0 : nil
        }
        if reference == nil, named.references.count > 1, !isForced {
            throw EngineError.conflict(
                "conflict: unable to delete \(named.image.id.short) (must be forced) - image is referenced in multiple repositories"
            )
        }
        let removed = reference.map { [$0] } ?? named.references
        let host = host
        let report = try await BackgroundThread.run {
            try host.images.remove(removed, force: isForced) { try host.contentInUse { _ in } }
        }
        guard report.inUse.isEmpty else {
            let users = try allContainers().filter { $0.record.imageID == named.image.id }
            throw EngineError.conflict(
                "conflict: unable to remove repository reference \"\(name)\" (must force) - container "
                    + "\(users.first?.id.prefix(12) ?? "") is using its referenced image \(named.image.id.short)"
            )
        }
        for reference in report.untagged { self.report("untag", named.image, reference) }
        let deleted = report.garbage?.images ?? []
        for id in deleted { host.journal.append(HostEvent(.image, "delete", id: "\(id)")) }
        let lines: [JSON] =
            report.untagged.map { ["Untagged": .string($0.familiar)] }
            + deleted.map { ["Deleted": .string("\($0)")] }
        try await response.send(.array(lines))
    }

    /// `POST /images/prune`.
    func pruneImages(_ request: Request, _ response: Response) async throws {
        let filters = try Filters(request.query, known: ["dangling", "label", "label!", "until"])
        for key in ["label", "label!", "until"] where !filters[key].isEmpty {
            throw EngineError.unsupported("filters", "'\(key)' is not supported by prune of images")
        }
        let all = try filters.flag("dangling") == false
        let host = host
        let report = try await BackgroundThread.run {
            try host.images.prune(named: all) { try host.contentInUse { _ in } }
        }
        guard let report else {
            throw EngineError.conflict("a build or pull is in progress; try again later")
        }
        try await response.send([
            "ImagesDeleted": report.images.isEmpty
                ? nil : .array(report.images.map { ["Deleted": .string("\($0)")] }),
            "SpaceReclaimed": .integer(report.bytes),
        ])
    }
}
