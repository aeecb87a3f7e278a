public import ComposeFile
import Synchronization

extension ProjectChange {
    /// Creates a container of `run` once its dependencies meet their conditions.
    ///
    /// Returns nil in a dry run.
    public func prepare(
        _ oneOff: OneOff,
        of project: Project,
        images: [String: ServiceImage],
        removesOrphans: Bool = false
    ) async throws -> PreparedRun? {
        var project = project.withPublication()
        guard let service = project.services[oneOff.service] else {
            preconditionFailure("service '\(oneOff.service)' of 'run' is not active")
        }
        project.services[oneOff.service] = oneOff.applied(to: service, of: project)
        let desired = DesiredState(
            project: project,
            order: try ServiceGraph(project).order,
            targets: [oneOff.service],
            images: images,
            oneOff: oneOff
        )
        let lock = try await takeLock()
        do {
            let id = try await create(desired, removesOrphans)
            try host.containers.endReservation(of: project.name)
            let container = try id.flatMap {
                try host.containers.container($0, of: self.project)
            }
            return container.map { PreparedRun($0, lock) }
        } catch {
            try host.containers.endReservation(of: project.name)
            try host.tidy(project.name)
            lock.release()
            throw error
        }
    }

    /// Creates the container without starting it and returns its id; nil in a dry run.
    private func create(_ desired: DesiredState, _ removesOrphans: Bool) async throws -> String? {
        try host.containers.collectGarbage(of: project)
        try requireReadableContainers()
        let snapshot = try host.snapshot(of: project)
        try await removeLeftovers(among: snapshot.containers)
        try PortCheck(project: desired.project, paths: host.paths).checkPorts()
        var options = UpOptions()
        options.planning.removesOrphans = removesOrphans
        var plan = try await plan(desired.desiredProject, from: snapshot, options)
        if isDryRun {
            try await execute(plan)
            return nil
        }
        // The caller attaches to the container before starting it.
        guard case .start(let container)? = plan.operations.popLast()?.action else { return nil }
        try await execute(plan, with: try await inputs(desired, snapshot, options))
        return container.id
    }
}

/// A container of `run` that is ready to start; holds the lock of its project.
public final class PreparedRun: Sendable {
    public let container: ExistingContainer
    private let lock: Mutex<ChangeLock?>

    init(_ container: ExistingContainer, _ lock: ChangeLock) {
        self.container = container
        self.lock = Mutex(lock)
    }

    /// Releases the lock of the project, once the container has been started.
    ///
    /// The next command removes a container that was never started.
    public func release() { lock.withLock { $0 = nil } }
}

extension ProjectChange {
    /// Removes the containers of `run --rm` that a killed command or supervisor has left behind.
    ///
    /// The project must be locked: the lock is held from the creation of such a container until
    /// it is started.
    func removeLeftovers(among containers: [ExistingContainer]) async throws {
        let leftovers = containers.filter { container in
            container.record.removesItself
                && (container.hasEnded || container.state.status == .created)
        }
        guard !isDryRun, !leftovers.isEmpty else { return }
        try await withClient { client in
            for container in leftovers {
                try await client.request(.remove(container: container.id))
            }
        }
    }
}
