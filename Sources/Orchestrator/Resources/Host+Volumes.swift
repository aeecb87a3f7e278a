import Linux
import SystemPackage

extension Host {
    /// Creates a volume unless it exists; throws if it exists with other options.
    ///
    /// Returns the volume.
    public func createVolume(_ volume: VolumeRecord) throws -> VolumeRecord {
        guard ["", "local"].contains(volume.driver) else {
            throw OrchestratorError.unsupportedDriver(
                volume.driver,
                of: "volume \(volume.name)",
                known: ["local"]
            )
        }
        if let reason = VolumeOptions.fault(in: volume.options) {
            throw OrchestratorError.unsupported(
                AttributePlace(path: "volume \(volume.name)"),
                reason: reason
            )
        }
        var volume = volume
        volume.driver = "local"
        try create(volume)
        let existing = try volumes.volume(volume.name) ?? volume
        guard volume.options.isEmpty || existing.options == volume.options else {
            throw OrchestratorError.volumeExists(volume.name)
        }
        return existing
    }

    /// Removes a volume; throws if there is none, or if a container, running or not, mounts it.
    public func removeVolume(_ name: String) throws {
        guard try volumes.exists(name) else { throw OrchestratorError.noSuchVolume(name) }
        let users = try containers.removeVolume(name)
        guard users.isEmpty else { throw OrchestratorError.volumeInUse(name, containers: users) }
    }

    /// The names of the volumes that a container, running or not, mounts.
    public func volumesInUse() throws -> Set<String> {
        let sources = try containers.mountSources()
        return Set(
            try volumes.all().map(\.name).filter {
                sources.contains(volumes.content(of: $0).string)
            }
        ).union(try containers.ofAllProjects().flatMap { $0.record.volumes.map(\.name) })
    }

    /// Removes the volumes that no container mounts and that `isWanted`; returns their names and
    /// the bytes freed.
    public func pruneVolumes(
        where isWanted: (VolumeRecord) -> Bool
    ) throws -> (names: [String], bytes: Int64) {
        var (names, bytes): ([String], Int64) = ([], 0)
        for volume in try volumes.all() where isWanted(volume) {
            let size = try FileSystem.diskUsage(of: volumes.content(of: volume.name))
            guard try containers.removeVolume(volume.name).isEmpty else { continue }
            names.append(volume.name)
            bytes += size
        }
        return (names, bytes)
    }
}

extension VolumeRecord {
    /// Whether it was created without a name, for one container.
    public var isAnonymous: Bool { Identifier.isValid(name) }

    /// A volume with a name of its own choice.
    public static func anonymous(options: [String: String], labels: [String: String]) -> Self {
        VolumeRecord(name: Identifier.make(), options: options, labels: labels)
    }
}
