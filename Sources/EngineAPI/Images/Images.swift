import ImageStore
import OCI
import Orchestrator

extension Engine {
    /// One image with all of its names.
    struct NamedImage {
        var image: Image
        var references: [ImageReference]

        var tags: [String] { references.filter { $0.digest == nil }.map(\.familiar) }

        var digests: [String] {
            let names = Set(references.map(\.familiarName))
            return names.sorted().map { "\($0)@\(image.manifest.digest)" }
        }
    }

    func allImages() throws -> [NamedImage] {
        var images: [Digest: NamedImage] = [:]
        for tagged in try host.images.images() {
            let id = tagged.image.id
            images[id, default: NamedImage(image: tagged.image, references: [])].references +=
                [tagged.reference].compactMap(\.self)
        }
        return images.values.sorted { left, right in
            (left.image.configuration.created ?? Timestamp(seconds: 0), left.image.id.hex)
                > (right.image.configuration.created ?? Timestamp(seconds: 0), right.image.id.hex)
        }
    }

    func image(_ name: String) throws -> NamedImage {
        guard let image = try host.images.image(named: name) else {
            throw EngineError.notFound("No such image: \(name)")
        }
        return try allImages().first { $0.image.id == image.id }
            ?? NamedImage(image: image, references: [])
    }

    /// `GET /images/json`.
    func listImages(_ request: Request, _ response: Response) async throws {
        let filters = try Filters(
            request.query,
            known: ["before", "dangling", "label", "reference", "since", "until"]
        )
        let isDangling = try filters.flag("dangling")
        let before = try filters["before"].first.map { try image($0).image.configuration.created }
        let since = try filters["since"].first.map { try image($0).image.configuration.created }
        let users = try allContainers()
        var found: [JSON] = []
        for named in try allImages() {
            let configuration = named.image.configuration
            let created = configuration.created ?? Timestamp(seconds: 0)
            if let isDangling, named.references.isEmpty != isDangling { continue }
            if let before = before ?? nil, created >= before { continue }
            if let since = since ?? nil, created <= since { continue }
            guard filters.matches(labels: configuration.config.labels),
                filters.any(
                    "reference",
                    { pattern in
                        named.references.contains { Self.matches($0, pattern) }
                    }
                )
            else { continue }
            let count = users.count { $0.record.imageID == named.image.id }
            found.append([
                "Id": .string("\(named.image.id)"), "ParentId": "",
                "RepoTags": JSON(named.tags), "RepoDigests": JSON(named.digests),
                "Created": .integer(created.seconds), "Size": .integer(named.image.size),
                "SharedSize": -1, "Labels": JSON(configuration.config.labels),
                "Containers": JSON(count),
            ])
        }
        try await response.send(.array(found))
    }

    /// Whether a reference matches `NAME`, `NAME:TAG`, or either with `*`.
    private static func matches(_ reference: ImageReference, _ pattern: String) -> Bool {
        let candidates = [
            reference.familiar, reference.familiarName, reference.description, reference.name,
        ]
        guard pattern.contains("*") else {
            return candidates.contains(pattern)
        }
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        return candidates.contains { candidate in
            var rest = candidate[...]
            for (index, part) in parts.enumerated() {
                if index == 0 {
                    guard rest.hasPrefix(part) else { return false }
                    rest = rest.dropFirst(part.count)
                } else if index == parts.count - 1 {
                    return rest.hasSuffix(part) && !rest.dropLast(part.count).contains("/")
                } else {
                    guard let range = rest.firstRange(of: part) else { return false }
                    rest = rest[range.upperBound...]
                }
            }
            return rest.isEmpty
        }
    }

    /// `GET /images/{name}/json`.
    func inspectImage(_ request: Request, _ response: Response) async throws {
        let named = try image(request.parameter("name"))
        let configuration = named.image.configuration
        let config = configuration.config
        try await response.send([
            "Id": .string("\(named.image.id)"), "RepoTags": JSON(named.tags),
            "RepoDigests": JSON(named.digests), "Parent": "",
            "Comment": .string(configuration.history.last?.comment ?? ""),
            "Created": Timestamp.text(configuration.created), "DockerVersion": "",
            "Author": .string(configuration.author ?? ""),
            "Architecture": .string(configuration.platform.architecture),
            "Variant": .string(configuration.platform.variant ?? ""),
            "Os": .string(configuration.platform.os), "Size": .integer(named.image.size),
            "GraphDriver": ["Name": "overlay2", "Data": [:]],
            "RootFS": [
                "Type": "layers", "Layers": JSON(configuration.diffIDs.map(\.description)),
            ], "Metadata": ["LastTagTime": .string(Timestamp.goZeroText)],
            "Config": [
                "User": .string(config.user), "Env": JSON(config.env),
                "Cmd": config.cmd.map { JSON($0) } ?? nil,
                "Entrypoint": config.entrypoint.map { JSON($0) } ?? nil,
                "WorkingDir": .string(config.workingDir), "Labels": JSON(config.labels),
                "StopSignal": .string(config.stopSignal ?? ""),
                "ExposedPorts": .object(
                    Dictionary(config.exposedPorts.map { ($0, JSON.object([:])) }) { $1 }
                ),
                "Volumes": config.volumes.isEmpty
                    ? nil
                    : .object(Dictionary(config.volumes.map { ($0, JSON.object([:])) }) { $1 }),
                "OnBuild": config.onBuild.isEmpty ? nil : JSON(config.onBuild),
                "Shell": config.shell.map { JSON($0) } ?? nil,
                "Healthcheck": config.healthcheck.map(\.document) ?? nil, "Hostname": "",
                "Domainname": "", "Image": "", "Tty": false, "OpenStdin": false,
                "StdinOnce": false, "AttachStdin": false, "AttachStdout": false,
                "AttachStderr": false,
            ],
        ])
    }

    /// `GET /images/{name}/history`.
    func imageHistory(_ request: Request, _ response: Response) async throws {
        let named = try image(request.parameter("name"))
        var layers = named.image.layers[...]
        let entries: [JSON] = named.image.configuration.history.map { entry in
            let layer = entry.emptyLayer ? nil : layers.popFirst()
            return [
                "Id": "<missing>", "Created": .integer(entry.created?.seconds ?? 0),
                "CreatedBy": .string(entry.createdBy ?? ""), "Tags": nil,
                "Size": .integer(layer?.descriptor.size ?? 0),
                "Comment": .string(entry.comment ?? ""),
            ]
        }
        var newest = Array(entries.reversed())
        if !newest.isEmpty {
            newest[0]["Id"] = .string("\(named.image.id)")
            newest[0]["Tags"] = JSON(named.tags)
        }
        try await response.send(.array(newest))
    }
}

extension ImageConfiguration.HealthCheck {
    fileprivate var document: JSON {
        [
            "Test": JSON(test), "Interval": .integer(interval?.nanosecondsClamped ?? 0),
            "Timeout": .integer(timeout?.nanosecondsClamped ?? 0),
            "StartPeriod": .integer(startPeriod?.nanosecondsClamped ?? 0),
            "Retries": JSON(retries ?? 0),
        ]
    }
}
