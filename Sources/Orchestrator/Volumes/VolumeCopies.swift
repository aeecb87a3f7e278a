import Linux
import OCI

/// Snapshots and clones of volumes, taken while the containers that use them are quiet.
public struct VolumeCopies: Sendable {
    private let host: Host
    /// The session of a project by its name.
    private let session: @Sendable (String) -> ProjectSession
    private let progress: ProgressSink

    public init(
        _ host: Host,
        session: @escaping @Sendable (String) -> ProjectSession,
        progress: @escaping ProgressSink
    ) {
        self.host = host
        self.session = session
        self.progress = progress
    }

    /// Takes a snapshot; with `replaces`, in place of an older one of the same name.
    public func snapshot(
        _ volume: String,
        as name: String,
        quiet: VolumeQuiet,
        replaces: Bool
    ) async throws -> VolumeSnapshot {
        try await whileQuiet(volume, quiet) { [host, progress] in
            try await Self.copying(volume, in: host, progress) { advance in
                try host.volumeSnapshots.take(
                    name,
                    of: volume,
                    replaces: replaces,
                    progress: advance
                )
            }
        }
    }

    /// Replaces the content of a volume by a snapshot's, and creates the volume if it is missing.
    ///
    /// Throws if a container is running with the volume, unless `stopsUsers`.
    public func restore(_ volume: String, from name: String, stopsUsers: Bool) async throws {
        guard try host.volumeSnapshots.snapshot(name, of: volume) != nil else {
            throw OrchestratorError.noSuchSnapshot(name, volume: volume)
        }
        try await whileQuiet(volume, stopsUsers ? .stopped : .running) { [host, progress] in
            let running = try host.runningUsers(of: volume)
            guard running.isEmpty else {
                throw OrchestratorError.volumeRunning(
                    volume,
                    containers: running.map(\.record.name)
                )
            }
            try host.create(VolumeRecord(name: volume))
            try await Self.copying(volume, in: host, progress) { advance in
                try host.volumeSnapshots.restore(name, of: volume, progress: advance)
            }
        }
    }

    /// Copies a volume to a new one, which belongs to no project.
    public func clone(_ volume: String, to target: String, quiet: VolumeQuiet) async throws {
        guard let source = try host.volumes.volume(volume) else {
            throw OrchestratorError.noSuchVolume(volume)
        }
        try source.requireOwnContent()
        guard try !host.volumes.exists(target) else {
            throw OrchestratorError.volumeTaken(target)
        }
        let labels = source.labels.filter { !$0.key.hasPrefix(ComposeLabel.prefix) }
        try await whileQuiet(volume, quiet) { [host, progress] in
            try host.create(VolumeRecord(name: target, labels: labels))
            try await Self.copying(volume, in: host, progress) { advance in
                try host.volumes.fill(target) { directory in
                    try TreeCopy.copy(
                        try Descriptor.open(host.volumes.content(of: volume), .directory),
                        into: try Descriptor.open(directory, .directory),
                        progress: advance
                    )
                    return true
                }
            }
        }
    }

    /// Runs `copy` on a thread of its own, with progress once it takes longer than a moment.
    static func copying<Value: Sendable>(
        _ volume: String,
        in host: Host,
        _ progress: @escaping ProgressSink,
        _ copy: @escaping @Sendable ((Int64) -> Void) throws -> Value
    ) async throws -> Value {
        let content = host.volumes.content(of: volume)
        return try await BackgroundThread.run {
            // The total only serves the display.
            let total = (try? FileSystem.diskUsage(of: content)) ?? 0
            let meter = ProgressMeter(
                "Volume \(volume)",
                "Copying",
                "Copied",
                total: total,
                progress: progress
            )
            let value = try copy { meter.advance(by: $0) }
            meter.finish()
            return value
        }
    }

    /// Calls `body` while the containers of all projects that use the volume are quiet.
    private func whileQuiet<Value: Sendable>(
        _ volume: String,
        _ quiet: VolumeQuiet,
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let users = try host.runningUsers(of: volume)
        let projects = Dictionary(grouping: users, by: \.record.project)
        return try await whileQuiet(projects.sorted { $0.key < $1.key }[...], quiet, body)
    }

    private func whileQuiet<Value: Sendable>(
        _ projects: ArraySlice<(key: String, value: [ExistingContainer])>,
        _ quiet: VolumeQuiet,
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        guard let (project, containers) = projects.first else { return try await body() }
        let session = session(project)
        let change = ProjectChange(
            host,
            project: project,
            executable: session.executable,
            progress: progress
        )
        return try await change.whileQuiet(containers, quiet) {
            try await whileQuiet(projects.dropFirst(), quiet, body)
        }
    }
}

extension Host {
    /// The snapshots of this host's volumes.
    public var volumeSnapshots: VolumeSnapshotStore {
        VolumeSnapshotStore(directory: paths.volumeSnapshots, volumes: volumes)
    }

    /// The running containers of all projects that mount a volume.
    func runningUsers(of volume: String) throws -> [ExistingContainer] {
        let ids = Set(try containers.users(ofVolume: volume))
        return try containers.ofAllProjects().filter { ids.contains($0.id) && $0.isRunning }
    }
}

extension ProjectChange {
    /// Restores the snapshot `name` of each of `volumes` that has one, creating missing volumes:
    /// `up --restore`.
    ///
    /// Containers of the project that run with them are stopped. Throws if no volume has such a
    /// snapshot, or if another project's container is running with one.
    func restore(_ name: String, of volumes: [VolumeRecord]) async throws {
        let found = try volumes.filter {
            try host.volumeSnapshots.snapshot(name, of: $0.name) != nil
        }
        guard !found.isEmpty else {
            throw OrchestratorError.noSuchSnapshot(name, volume: nil)
        }
        var own: [ExistingContainer] = []
        for volume in found {
            let users = try host.runningUsers(of: volume.name)
            let others = users.filter { $0.record.project != project }
            guard others.isEmpty else {
                throw OrchestratorError.volumeRunning(
                    volume.name,
                    containers: others.map(\.record.name)
                )
            }
            own += users.filter { user in !own.contains { $0.id == user.id } }
        }
        try await execute(StopPlanner.stop(own))
        for volume in found {
            let object = "Volume \(volume.name)"
            guard !isDryRun else {
                ProgressEvent.rehearse(object, "Restoring", "Restored", to: progress)
                continue
            }
            try await ProgressEvent.reporting(object, "Restoring", "Restored", to: progress) {
                let host = host
                try host.create(volume)
                try await VolumeCopies.copying(volume.name, in: host, { _ in }) { advance in
                    try host.volumeSnapshots.restore(name, of: volume.name, progress: advance)
                }
            }
        }
    }
}
