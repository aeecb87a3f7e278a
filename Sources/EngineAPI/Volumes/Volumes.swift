import Linux
import OCI
import Orchestrator
import SystemPackage

extension Engine {
    private func volume(_ name: String) throws -> VolumeRecord {
        // A name that cannot be one does not exist either.
        guard let volume = try? host.volumes.volume(name), isVisible(labels: volume.labels) else {
            throw EngineError.notFound("get \(name): no such volume")
        }
        return volume
    }

    private func document(of volume: VolumeRecord) -> JSON {
        [
            "Name": .string(volume.name), "Driver": .string(volume.driver),
            "Mountpoint": .string(host.volumes.content(of: volume.name).string),
            "CreatedAt": .string(volume.created.nineDigits),
            "Labels": volume.labels.isEmpty ? nil : JSON(volume.labels),
            "Options": volume.options.isEmpty ? nil : JSON(volume.options), "Scope": "local",
        ]
    }

    private func visibleVolumes() throws -> [VolumeRecord] {
        try host.volumes.all().filter { isVisible(labels: $0.labels) }
    }

    /// `GET /volumes`.
    func listVolumes(_ request: Request, _ response: Response) async throws {
        let filters = try Filters(request.query, known: ["dangling", "driver", "label", "name"])
        let isDangling = try filters.flag("dangling")
        let patterns = try filters["name"].map { try Self.pattern($0) }
        let found = try visibleVolumes().filter { volume in
            if let isDangling,
                try host.containers.users(ofVolume: volume.name).isEmpty != isDangling
            {
                return false
            }
            return filters.matches(labels: volume.labels)
                && filters.any("driver") { $0 == volume.driver }
                && (patterns.isEmpty || patterns.contains { volume.name.contains($0) })
        }
        try await response.send(["Volumes": .array(found.map(document)), "Warnings": nil])
    }

    /// `GET /volumes/{name}`.
    func inspectVolume(_ request: Request, _ response: Response) async throws {
        try await response.send(document(of: try volume(request.parameter("name"))))
    }

    /// `POST /volumes/create`.
    func createVolume(_ request: Request, _ response: Response) async throws {
        let asked = try await request.document()
        let name = asked["Name"].string.flatMap { $0.isEmpty ? nil : $0 } ?? EngineID.make()
        try requireScope(asked["Labels"].texts[ComposeLabel.project])
        let driver = asked["Driver"].string.flatMap { $0.isEmpty ? nil : $0 } ?? "local"
        guard driver == "local" else {
            throw EngineError.notFound(
                "create \(name): error looking up volume plugin \(driver): plugin \"\(driver)\" not found"
            )
        }
        if !asked["ClusterVolumeSpec"].isZero {
            throw EngineError.unsupported("ClusterVolumeSpec", "cluster volumes are not supported")
        }
        let record = VolumeRecord(
            name: name,
            options: asked["DriverOpts"].texts,
            labels: asked["Labels"].texts
        )
        if let existing = try host.volumes.volume(name), existing.options != record.options {
            throw EngineError.conflict("volume \(name) exists with other options")
        }
        try host.create(record)
        try await response.send(document(of: try volume(name)), status: 201)
    }

    /// `DELETE /volumes/{name}`.
    func removeVolume(_ request: Request, _ response: Response) async throws {
        let name = request.parameter("name")
        if request.query.flag("force"), (try? volume(name)) == nil {
            return try await response.send(status: 204)
        }
        _ = try volume(name)
        let users = try host.containers.removeVolume(name)
        guard users.isEmpty else {
            throw EngineError.conflict(
                "remove \(name): volume is in use - [\(users.joined(separator: ", "))]"
            )
        }
        try await response.send(status: 204)
    }

    /// `POST /volumes/prune`.
    func pruneVolumes(_ request: Request, _ response: Response) async throws {
        let filters = try Filters(request.query, known: ["all", "label", "label!"])
        let all = try filters.flag("all") ?? (request.version < APIVersion(minor: 42))
        var (removed, bytes): ([String], Int64) = ([], 0)
        for volume in try visibleVolumes() where filters.matches(labels: volume.labels) {
            let isAnonymous = volume.name.utf8.count == 64 && volume.name.allSatisfy(\.isHexDigit)
            guard all || isAnonymous else { continue }
            let size = try FileSystem.diskUsage(of: host.volumes.content(of: volume.name))
            guard try host.containers.removeVolume(volume.name).isEmpty else { continue }
            removed.append(volume.name)
            bytes += size
        }
        try await response.send([
            "VolumesDeleted": removed.isEmpty ? nil : JSON(removed),
            "SpaceReclaimed": .integer(bytes),
        ])
    }
}
