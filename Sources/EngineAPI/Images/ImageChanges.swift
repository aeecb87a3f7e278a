import ImageStore
import Linux
import OCI
import Orchestrator

extension Engine {
    /// `POST /images/{name}/tag`.
    func tagImage(_ request: Request, _ response: Response) async throws {
        let named = try image(request.parameter("name"))
        guard let repository = request.query["repo"] else {
            throw EngineError.badRequest("repository name must not be empty")
        }
        let tag = request.query["tag"]
        let reference = try Self.reference(tag.map { "\(repository):\($0)" } ?? repository)
        guard reference.digest == nil else {
            throw EngineError.badRequest("refusing to create a tag with a digest reference")
        }
        try host.images.tag(named.image, as: reference)
        report("tag", named.image, reference)
        try await response.send(status: 201)
    }

    /// Appends an event of an image to the journal.
    func report(_ action: String, _ image: Image, _ reference: ImageReference) {
        let attributes = ["name": reference.familiar]
        host.journal.append(HostEvent(.image, action, id: "\(image.id)", attributes: attributes))
    }

    /// `DELETE /images/{name}`.
    func removeImage(_ request: Request, _ response: Response) async throws {
        let name = request.parameter("name")
        let named = try image(name)
        let isForced = request.query.flag("force")
        if request.query["platforms"] != nil {
            throw EngineError.unsupported("platforms", "an image has one platform here")
        }
        let reference = (try? ImageReference(name)).flatMap {
            named.references.contains($0) ? $0 : nil
        }
        let users = try allContainers().filter { $0.record.imageID == named.image.id }
        if reference == nil { try refuseRemoval(of: named, users: users, isForced: isForced) }
        let removed = reference.map { [$0] } ?? named.references
        let (host, id) = (host, named.image.id)
        let report = try await BackgroundThread.run {
            try host.images.remove(
                removed,
                force: isForced,
                unwanted: { $0.id == id },
                uses: { try host.contentInUse { _ in } }
            )
        }
        guard report.inUse.isEmpty else {
            throw EngineError.conflict(
                "conflict: unable to remove repository reference \"\(name)\" (must force) - container "
                    + "\(users.first?.id.prefix(12) ?? "") is using its referenced image \(id.short)"
            )
        }
        for reference in report.untagged { self.report("untag", named.image, reference) }
        let deleted = report.garbage?.images ?? []
        for id in deleted { host.journal.append(HostEvent(.image, "delete", id: "\(id)")) }
        try await response.send(.array(Self.removalLines(report.untagged, deleted)))
    }

    /// Throws if an image cannot be removed by its id.
    private func refuseRemoval(
        of named: NamedImage,
        users: [ExistingContainer],
        isForced: Bool
    ) throws(EngineError) {
        let subject = "conflict: unable to delete \(named.image.id.short)"
        if let running = users.first(where: \.isRunning) {
            throw .conflict(
                "\(subject) (cannot be forced) - image is being used by running container "
                    + "\(running.id.prefix(12))"
            )
        }
        guard !isForced else { return }
        if Set(named.references.map(\.name)).count > 1 {
            throw .conflict(
                "\(subject) (must be forced) - image is referenced in multiple repositories"
            )
        }
        if let stopped = users.first {
            throw .conflict(
                "\(subject) (must be forced) - image is being used by stopped container "
                    + "\(stopped.id.prefix(12))"
            )
        }
    }

    private static func removalLines(
        _ untagged: [ImageReference],
        _ deleted: [Digest]
    ) -> [JSON] {
        untagged.map { ["Untagged": .string($0.familiar)] }
            + deleted.map { ["Deleted": .string("\($0)")] }
    }

    /// `POST /images/prune`.
    func pruneImages(_ request: Request, _ response: Response) async throws {
        let filters = try Filters(request.query, known: ["dangling", "label", "label!", "until"])
        let all = try filters.flag("dangling") == false
        let until = try filters["until"].map { try Timestamp(parameter: $0) }.min()
        let (host, before) = (host, try allImages())
        let report = try await BackgroundThread.run {
            try host.images.prune(
                named: all,
                unwanted: { image in
                    let created = image.configuration.created ?? Timestamp(seconds: 0)
                    return filters.matches(labels: image.configuration.config.labels)
                        && until.map { created < $0 } ?? true
                },
                uses: { try host.contentInUse { _ in } }
            )
        }
        guard let report else {
            throw EngineError.conflict("a build or pull is in progress; try again later")
        }
        let removed = before.filter { report.images.contains($0.image.id) }
        for named in removed {
            for reference in named.references { self.report("untag", named.image, reference) }
            host.journal.append(HostEvent(.image, "delete", id: "\(named.image.id)"))
        }
        let lines = Self.removalLines(removed.flatMap(\.references), report.images)
        try await response.send([
            "ImagesDeleted": lines.isEmpty ? nil : .array(lines),
            "SpaceReclaimed": .integer(report.bytes),
        ])
    }
}
