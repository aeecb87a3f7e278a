import ImageStore
import OCI
import Orchestrator

extension Engine {
    /// One image with all of its names.
    struct NamedImage {
        var image: Image
        var references: [ImageReference] = []
        /// The manifests of the image by repository: a push may have made another one.
        var manifests: [String: Digest] = [:]

        var tags: [String] { references.filter { $0.digest == nil }.map(\.familiar) }

        var digests: [String] { manifests.map { "\($0)@\($1)" }.sorted() }
    }

    func allImages() throws -> [NamedImage] {
        var images: [Digest: NamedImage] = [:]
        for tagged in try host.images.images() {
            var named = images[tagged.image.id] ?? NamedImage(image: tagged.image)
            if let reference = tagged.reference {
                named.references.append(reference)
                named.manifests[reference.familiarName] = tagged.image.manifest.digest
            }
            images[tagged.image.id] = named
        }
        if scope != nil {
            let used = Set(try allContainers().map(\.record.imageID))
            images = images.filter { used.contains($0.key) }
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
            ?? NamedImage(image: image)
    }

    /// `GET /images/json`.
    func listImages(_ request: Request, _ response: Response) async throws {
        let filters = try Filters(
            request.query,
            known: ["before", "dangling", "label", "reference", "since", "until"]
        )
        let isWanted = try selection(filters)
        let patterns = try filters["reference"].map { try Glob($0) }
        let all = try allImages()
        let users = try allContainers().map(\.record.imageID)
        let showsShared = request.query.flag("shared-size")
        let chosen = try all.filter(isWanted).compactMap {
            patterns.isEmpty ? $0 : Self.restricted($0, to: patterns)
        }
        let found: [JSON] = chosen.map { named in
            var document = summary(of: named, for: request.version)
            document["Containers"] = JSON(users.count { $0 == named.image.id })
            if showsShared {
                document["SharedSize"] = .integer(Self.sharedSize(of: named.image, among: all))
            }
            return document
        }
        try await response.send(.array(found))
    }

    /// Whether an image is selected by `filters`.
    private func selection(_ filters: Filters) throws -> (NamedImage) throws -> Bool {
        let isDangling = try filters.flag("dangling")
        let before = try filters["before"].map { try created(of: $0) }.min()
        let since = try filters["since"].map { try created(of: $0) }.max()
        let until = try filters["until"].map { try Timestamp(parameter: $0) }.min()
        return { named in
            let configuration = named.image.configuration
            let created = configuration.created ?? Timestamp(seconds: 0)
            if let isDangling, named.references.isEmpty != isDangling { return false }
            if let before, created >= before { return false }
            if let since, created <= since { return false }
            if let until, created >= until { return false }
            return filters.matches(labels: configuration.config.labels)
        }
    }

    /// The image with the names that match one of the patterns alone; nil if none does.
    private static func restricted(_ named: NamedImage, to patterns: [Glob]) -> NamedImage? {
        var restricted = named
        restricted.references = named.references.filter { reference in
            patterns.contains {
                $0.matches(reference.familiar) || $0.matches(reference.familiarName)
            }
        }
        let names = Set(restricted.references.map(\.familiarName))
        restricted.manifests = named.manifests.filter { names.contains($0.key) }
        return restricted.references.isEmpty ? nil : restricted
    }

    private func created(of name: String) throws -> Timestamp {
        try image(name).image.configuration.created ?? Timestamp(seconds: 0)
    }

    /// The fields of an image that lists show.
    func summary(of named: NamedImage, for version: APIVersion) -> JSON {
        let configuration = named.image.configuration
        var (tags, digests) = (named.tags, named.digests)
        if tags.isEmpty, digests.isEmpty, version < APIVersion(minor: 43) {
            (tags, digests) = (["<none>:<none>"], ["<none>@<none>"])
        }
        var document: JSON = [
            "Id": .string("\(named.image.id)"), "ParentId": "", "RepoTags": JSON(tags),
            "RepoDigests": JSON(digests),
            "Created": .integer(configuration.created?.seconds ?? 0),
            "Size": .integer(named.image.size), "SharedSize": -1, "Containers": -1,
            "Labels": configuration.config.labels.isEmpty
                ? nil : JSON(configuration.config.labels),
        ]
        if version < APIVersion(minor: 44) { document["VirtualSize"] = document["Size"] }
        return document
    }

    /// The bytes of the layers of an image that another image has too.
    static func sharedSize(of image: Image, among all: [NamedImage]) -> Int64 {
        let others = Set(all.filter { $0.image.id != image.id }.flatMap(\.image.chain))
        return image.layers.filter { others.contains($0.chainID) }
            .reduce(0) { $0.addingSaturated($1.size) }
    }

    /// `GET /images/{name}/json`.
    func inspectImage(_ request: Request, _ response: Response) async throws {
        let named = try image(request.parameter("name"))
        let configuration = named.image.configuration
        if let platform = try Self.platform(request), !platform.accepts(configuration.platform) {
            throw EngineError.notFound(
                "image \(request.parameter("name")) is for \(configuration.platform), not for "
                    + "\(platform)"
            )
        }
        let config = configuration.config
        var document: JSON = [
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
        ]
        if request.version < APIVersion(minor: 45) {
            // The configuration of the container from which a classic builder made the image.
            document["Container"] = ""
            document["ContainerConfig"] = document["Config"]
        }
        if request.version < APIVersion(minor: 44) { document["VirtualSize"] = document["Size"] }
        try await response.send(document)
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
                "Size": .integer(layer?.size ?? 0),
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
