public import ComposeFile
import Synchronization

extension ProjectChange {
    /// Makes a container of `run` once its dependencies are as it needs them.
    ///
    /// Nil in a dry run.
    public func prepare(
        _ oneOff: OneOff,
        of project: Project,
        images: [String: ServiceImage],
        removesOrphans: Bool = false
    ) async throws -> PreparedRun? {
        var project = project
        guard let service = project.services[oneOff.service] else {
            preconditionFailure("'run' of \(oneOff.service), which is no active service")
        }
        project.services[oneOff.service] = oneOff.applied(to: service, of: project.name)
        let desired = DesiredState(
            project: project,
            order: try ServiceGraph(project).order,
            targets: [oneOff.service],
            images: images,
            oneOff: oneOff
        )
        let lock = try await ChangeLock.take(
            host.paths.project(project.name).changeLock,
            of: project.name,
            progress: progress
        )
        do {
            let id = try await make(desired, removesOrphans)
            let container = try id.flatMap {
                try host.containers.container($0, of: self.project)
            }
            return container.map { PreparedRun($0, lock) }
        } catch {
            try host.tidy(project.name)
            lock.release()
            throw error
        }
    }

    /// Returns the id of the container, which is made and not started; nil in a dry run.
    private func make(_ desired: DesiredState, _ removesOrphans: Bool) async throws -> String? {
        try host.containers.collectGarbage(of: project)
        if let name = desired.oneOff?.name { try checkName(name) }
        let snapshot = try host.snapshot(of: project)
        try await removeLeftovers(among: snapshot.containers)
        try PortCheck(project: desired.project, paths: host.paths).checkPorts()
        var options = UpOptions()
        options.planning.removesOrphans = removesOrphans
        var plan = try await plan(desired.desiredProject, from: snapshot, options)
        if isDryRun {
            try await carryOut(plan)
            return nil
        }
        // The caller starts it in its own way.
        guard case .start(let container)? = plan.operations.popLast()?.action else { return nil }
        try await carryOut(plan, desired, snapshot, options)
        return container.id
    }

    private func checkName(_ name: String) throws {
        for project in try host.containers.projects() {
            let containers = try host.containers.readableContainers(of: project).containers
            guard containers.contains(where: { $0.record.name == name }) else { continue }
            throw OrchestratorError.nameTaken(name, project: project)
        }
    }
}

/// A container of `run` that waits to be started, while no other command changes its project.
public final class PreparedRun: Sendable {
    public let container: ExistingContainer
    private let lock: Mutex<ChangeLock?>

    init(_ container: ExistingContainer, _ lock: ChangeLock) {
        self.container = container
        self.lock = Mutex(lock)
    }

    /// Lets other commands change the project; to be called once the container is started.
    ///
    /// One that never was is known by that to have been forgotten.
    public func release() { lock.withLock { $0 = nil } }
}

extension ProjectChange {
    /// Finishes what a killed command or supervisor has left of containers that remove themselves.
    ///
    /// To be called while the project is locked: whoever makes such a container holds the lock
    /// until it is started.
    func removeLeftovers(among containers: [ExistingContainer]) async throws {
        let leftovers = containers.filter { container in
            container.record.removesItself
                && (container.hasEnded || container.state.status == .created)
        }
        guard !isDryRun, !leftovers.isEmpty else { return }
        let client = SupervisorClient(
            project: project,
            paths: host.paths,
            executable: executable
        )
        for container in leftovers {
            try await client.request(.remove(container: container.id))
        }
        await client.close()
    }
}
