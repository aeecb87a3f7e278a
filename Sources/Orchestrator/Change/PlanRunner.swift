import ContainerNetwork
import Linux

/// Carries out a plan on this machine and tells its progress.
struct PlanRunner: Sendable {
    let host: Host
    let project: String
    let client: SupervisorClient
    let progress: ProgressSink
    /// What the plan's networks are to be, by full name.
    var networks: [String: NetworkSpecification] = [:]
    /// What the plan's volumes are to be, by full name.
    var volumes: [String: VolumeRecord] = [:]
    /// Makes the plan's containers; nil where a plan makes none.
    var creator: ContainerPreparation?
    /// From the stop signal to SIGKILL; nil takes each container's own.
    var grace: Duration?
    /// Anonymous volumes go with their containers.
    var removesAnonymousVolumes = false

    func run(_ plan: Plan, limit: Int = .max) async throws {
        let flush = CreationFlush(after: plan, holding: host.paths.data)
        let outcome: Result<Void, any Error>
        do {
            try await Executor.run(plan, limit: limit) { try await perform($0, flush) }
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        try await flush.finish()
        try outcome.get()
    }

    private func perform(_ operation: Plan.Operation, _ flush: CreationFlush) async throws {
        switch operation.action {
        case .createNetwork(let name):
            try await telling("Network \(name)", "Creating", "Created") {
                try create(network: name)
            }
        case .removeNetwork(let name): remove(network: name)
        case .createVolume(let name):
            try await telling("Volume \(name)", "Creating", "Created") { try create(volume: name) }
        case .removeVolume(let name):
            try await telling("Volume \(name)", "Removing", "Removed") {
                try host.volumes.remove(name)
            }
        case .createContainer(let new):
            try await create(new)
            await flush.created()
        case .start(let container):
            try await telling("Container \(container.name)", "Starting", "Started") {
                try await client.request(.start(container: container.id))
            }
        case .stop(let container):
            try await telling("Container \(container.name)", "Stopping", "Stopped") {
                try await client.request(.stop(container: container.id, grace: grace))
            }
        case .remove(let container): try await remove(container)
        case .keep(let container):
            progress(ProgressEvent("Container \(container.name)", "Running", .done))
        case .await(let container, let condition, let isRequired):
            try await wait(for: container, condition, isRequired)
        }
    }

    private func telling(
        _ object: String,
        _ doing: String,
        _ done: String,
        _ work: () async throws -> Void
    ) async throws {
        progress(ProgressEvent(object, doing, .working))
        do {
            try await work()
        } catch {
            progress(ProgressEvent(object, "Error", .failed, detail: "\(error)"))
            throw error
        }
        progress(ProgressEvent(object, done, .done))
    }
}

extension PlanRunner {
    private func create(network name: String) throws {
        guard let specification = networks[name] else {
            preconditionFailure("the plan makes network \(name), of which nothing is known")
        }
        _ = try host.networks.create(specification)
    }

    private func create(volume name: String) throws {
        guard let volume = volumes[name] else {
            preconditionFailure("the plan makes volume \(name), of which nothing is known")
        }
        try host.volumes.create(volume)
    }

    /// A network that others use stays, with a warning.
    private func remove(network name: String) {
        let object = "Network \(name)"
        progress(ProgressEvent(object, "Removing", .working))
        do {
            let wasThere = try host.networks.remove(name)
            progress(
                wasThere
                    ? ProgressEvent(object, "Removed", .done)
                    : ProgressEvent(object, "No resource found to remove", .warning)
            )
        } catch .inUse {
            progress(ProgressEvent(object, "Resource is still in use", .warning))
        } catch {
            progress(ProgressEvent(object, "Error", .failed, detail: "\(error)"))
        }
    }

    private func create(_ new: Plan.NewContainer) async throws {
        guard let creator else {
            preconditionFailure("a plan without a creator makes \(new.container.name)")
        }
        // Told of are a one-off container's dependencies; itself it is what the user looks at.
        if new.isOneOff { return try creator.create(new) }
        let (doing, done) =
            new.replaces == nil ? ("Creating", "Created") : ("Recreate", "Recreated")
        try await telling("Container \(new.container.name)", doing, done) {
            try await BackgroundThread.run { try creator.create(new) }
        }
    }

    private func remove(_ container: Plan.ContainerName) async throws {
        try await telling("Container \(container.name)", "Removing", "Removed") {
            let existing = try host.containers.container(container.id, of: project)
            try host.containers.remove(container.id, of: project)
            guard removesAnonymousVolumes, let existing else { return }
            for volume in existing.record.volumes where volume.isAnonymous {
                try host.volumes.remove(volume.name)
            }
        }
    }

    /// What a container is that has got where it was waited for.
    private func word(
        for condition: Plan.Condition,
        _ container: Plan.ContainerName
    ) throws -> String {
        switch condition {
        case .healthy: return "Healthy"
        case .completed: return "Exited"
        case .ready:
            let existing = try host.containers.container(container.id, of: project)
            return existing?.record.healthProbe == nil ? "Running" : "Healthy"
        }
    }

    private func wait(
        for container: Plan.ContainerName,
        _ condition: Plan.Condition,
        _ isRequired: Bool
    ) async throws {
        let object = "Container \(container.name)"
        let wait = ContainerWait(
            containers: host.containers,
            project: project,
            client: client,
            progress: progress
        )
        do {
            try await wait.wait(for: container, until: condition)
            progress(ProgressEvent(object, try word(for: condition, container), .done))
        } catch {
            progress(
                ProgressEvent(object, "Error", isRequired ? .failed : .warning, detail: "\(error)")
            )
            if isRequired { throw error }
        }
    }
}
