import ContainerRuntime
import Linux
import OCI
import SystemPackage

/// Volumes and the containers of all projects that mount them.
///
/// Creating a container and removing a volume exclude each other, so that neither misses the other.
extension ContainerStore {
    private var volumes: VolumeStore { VolumeStore(directory: paths.volumes) }

    /// Writes the record of a new container, which makes it exist.
    ///
    /// Throws if one of its volumes has been removed in the meantime.
    func register(_ record: ContainerRecord) throws {
        let file = paths.project(record.project).container(record.id).record
        defer { if FileSystem.exists(file) { journal.append(HostEvent("create", of: record)) } }
        guard !record.volumes.isEmpty else {
            return try JSONFile.write(record, to: file, flushing: false)
        }
        try volumes.whileLocked {
            for volume in record.volumes where try volumes.volume(volume.name) == nil {
                throw OrchestratorError.volumeRemoved(volume.name, container: record.name)
            }
            try JSONFile.write(record, to: file, flushing: false)
        }
    }

    /// Removes a volume unless a container of any project, running or not, mounts it.
    ///
    /// Returns the ids of those containers; the volume has been removed if there are none.
    public func removeVolume(_ name: String) throws -> [String] {
        let (users, detached) = try volumes.whileLocked { () throws -> ([String], FilePath?) in
            let users = try self.users(ofVolume: name)
            return (users, try users.isEmpty ? volumes.detach(name) : nil)
        }
        // Outside of the lock, since a volume may be large.
        if let detached {
            journal.append(HostEvent(.volume, "destroy", id: name, attributes: ["driver": "local"]))
            try FileSystem.removeTree(detached)
        }
        return users
    }

    /// Removes the anonymous volumes of a removed container, except those that others mount.
    func removeAnonymousVolumes(of record: ContainerRecord) throws {
        for volume in record.volumes where volume.isAnonymous {
            _ = try removeVolume(volume.name)
        }
    }

    /// The ids of the containers that mount a volume, whether as their own or by `volumes_from`.
    public func users(ofVolume name: String) throws -> [String] {
        let content = volumes.content(of: name).string
        return try projects().flatMap { project in
            let (readable, unreadable) = try readableContainers(of: project)
            let users = readable.filter { container in
                container.record.volumes.contains { $0.name == name }
                    || container.record.mounts.contains { $0.source == content }
            }
            let others = unreadable.filter {
                mounts(ofUnreadable: $0.id, project).contains(content)
            }
            return users.map(\.id) + others.map(\.id)
        }
    }

    /// The sources of the mounts of all containers, as far as records or bundles can be read.
    func mountSources() throws -> Set<String> {
        try projects().reduce(into: []) { sources, project in
            let (readable, unreadable) = try readableContainers(of: project)
            for container in readable {
                sources.formUnion(container.record.mounts.compactMap(\.source))
            }
            for (id, _) in unreadable { sources.formUnion(mounts(ofUnreadable: id, project)) }
        }
    }

    /// The sources of the mounts in a container's bundle.
    private func mounts(ofUnreadable id: String, _ project: String) -> [String] {
        // A bundle that is unreadable too cannot be started, and names no mounts.
        let specification = try? JSONFile.readIfPresent(
            RuntimeSpecification.self,
            from: paths.project(project).container(id).specification
        )
        return (specification?.mounts ?? []).compactMap(\.source)
    }
}
