import ContainerNetwork
import Linux

/// The inputs of a plan's operations besides the plan itself.
struct PlanInputs: Sendable {
    /// The networks to create, by full name.
    var networks: [String: NetworkSpecification] = [:]
    /// The volumes to create, by full name.
    var volumes: [String: VolumeRecord] = [:]
    /// Creates containers; nil for a plan that creates none.
    var preparation: ContainerPreparation?
    /// The time from the stop signal to SIGKILL; nil for each container's own.
    var grace: Duration?
    /// Removes anonymous volumes together with their containers.
    var removesAnonymousVolumes = false
    /// The plan stops containers in order to start them again.
    var restarts = false
}

/// Executes a plan on this host and reports its progress.
struct PlanRunner: Sendable {
    let host: Host
    let project: String
    let client: SupervisorClient
    let progress: ProgressSink
    let inputs: PlanInputs
    var timings: TimingRecorder?

    /// Performs at most `limit` operations at once.
    func run(_ plan: Plan, limit: Int = .max) async throws {
        let flush = CreationFlush(after: plan, holding: host.paths.data)
        let part = timings?.beginPart() ?? 0
        try await withCleanup {
            try await Executor.run(plan, limit: limit) { try await perform($0, flush, part) }
        } cleanUp: {
            try await flush.finish()
        }
    }

    /// Performs an operation, and measures it if timings are wanted.
    private func perform(
        _ operation: Plan.Operation,
        _ flush: CreationFlush,
        _ part: Int
    ) async throws {
        guard let timings else { return try await perform(operation, flush) }
        let (object, activity) = operation.action.timedActivity
        try await timings.measuring(
            object,
            activity,
            in: part,
            number: operation.id,
            after: operation.after
        ) {
            try await perform(operation, flush)
        }
    }

    private func perform(_ operation: Plan.Operation, _ flush: CreationFlush) async throws {
        switch operation.action {
        case .createNetwork(let name): try await create(network: name)
        case .removeNetwork(let name):
            try remove(network: name, isRequired: operation.cause != .requested)
        case .createVolume(let name): try await create(volume: name)
        case .removeVolume(let name):
            // `down` keeps a volume in use; a changed one cannot be replaced then.
            try remove(volume: name, isRequired: operation.cause != .requested)
        case .createContainer(let new):
            try await create(new, because: operation.cause)
            await flush.created()
            try await report(.created, of: new.container)
        case .initialize(let container, let service, let step):
            try await initialize(container, service, step)
        case .start(let container):
            try await reporting("Container \(container.name)", "Starting", "Started") {
                try await client.request(.start(container: container.id))
            }
            if inputs.restarts { try await report(.restarted, of: container) }
        case .startStandby(let container):
            try await reporting("Container \(container.name)", "Starting", "Started") {
                try await client.request(.startStandby(container: container.id))
            }
        case .promote(let container, let other):
            try await reporting("Container \(container.name)", "Promoting", "Promoted") {
                try await client.request(.promote(container: container.id, over: other.id))
            }
        case .monitor(let container, let time):
            try await reporting("Container \(container.name)", "Monitoring", "Monitored") {
                try await containerWait.monitor(container, for: time)
            }
        case .drain(let container): try await drain(container)
        case .roll(let rollout): try await RolloutRunner(rollout: rollout, runner: self).run()
        case .stop(let container):
            try await reporting("Container \(container.name)", "Stopping", "Stopped") {
                try await client.request(.stop(container: container.id, grace: inputs.grace))
            }
        case .remove(let container): try await remove(container)
        case .keep(let container):
            progress(ProgressEvent("Container \(container.name)", "Running", .done))
        case .await(let container, let condition, let isRequired):
            try await wait(for: container, condition, isRequired)
        }
    }

    private func reporting(
        _ object: String,
        _ doing: String,
        _ done: String,
        _ work: () async throws -> Void
    ) async throws {
        try await ProgressEvent.reporting(object, doing, done, to: progress, work)
    }
}

extension PlanRunner {
    private func create(network name: String) async throws {
        guard let specification = inputs.networks[name] else {
            preconditionFailure("network \(name) of the plan has no specification")
        }
        try await reporting("Network \(name)", "Creating", "Created") {
            try host.create(specification)
        }
    }

    private func create(volume name: String) async throws {
        guard let volume = inputs.volumes[name] else {
            preconditionFailure("volume \(name) of the plan has no record")
        }
        try await reporting("Volume \(name)", "Creating", "Created") {
            try host.create(volume)
        }
    }

    /// Removes a volume; one that is still in use is kept, with an error if `isRequired`.
    private func remove(volume name: String, isRequired: Bool) throws {
        let object = "Volume \(name)"
        progress(ProgressEvent(object, "Removing", .working))
        do {
            let users = try host.containers.removeVolume(name)
            if users.isEmpty {
                progress(ProgressEvent(object, "Removed", .done))
            } else if isRequired {
                throw OrchestratorError.volumeInUse(name, containers: users)
            } else {
                progress(ProgressEvent(object, "Resource is still in use", .warning))
            }
        } catch {
            progress(ProgressEvent(object, "Error", .failed, detail: "\(error)"))
            throw error
        }
    }

    /// Removes a network; one that is still in use is kept, with an error if `isRequired`.
    private func remove(network name: String, isRequired: Bool) throws {
        let object = "Network \(name)"
        progress(ProgressEvent(object, "Removing", .working))
        do {
            let existed = try host.remove(network: name)
            progress(
                existed
                    ? ProgressEvent(object, "Removed", .done)
                    : ProgressEvent(object, "No resource found to remove", .warning)
            )
        } catch .inUse where !isRequired {
            progress(ProgressEvent(object, "Resource is still in use", .warning))
        } catch {
            progress(ProgressEvent(object, "Error", .failed, detail: "\(error)"))
            if isRequired { throw error }
        }
    }

    private func create(_ new: Plan.NewContainer, because cause: Plan.Cause) async throws {
        guard let preparation = inputs.preparation else {
            preconditionFailure("the plan creates \(new.container.name) without a preparation")
        }
        // Progress covers only the dependencies of a one-off container, whose own output follows;
        // that of an init container begins with its run.
        if new.isOneOff || new.initStep != nil {
            return try preparation.create(new, because: cause)
        }
        let (doing, done) =
            new.replaces == nil ? ("Creating", "Created") : ("Recreate", "Recreated")
        try await reporting("Container \(new.container.name)", doing, done) {
            try await BackgroundThread.run { try preparation.create(new, because: cause) }
        }
    }

    /// Runs a step of `pre_start` and removes its container, which stays if it fails.
    private func initialize(
        _ container: Plan.ContainerName,
        _ service: String,
        _ step: Int
    ) async throws {
        try await reporting("Container \(container.name)", "Running", "Exited") {
            try await client.request(.start(container: container.id))
            var wait = containerWait
            wait.progress = { _ in }
            do {
                try await wait.wait(for: container, until: .completed)
            } catch OrchestratorError.dependencyFailed(let reason) {
                throw OrchestratorError.initStepFailed(service, step: step, reason: reason)
            }
            try host.containers.remove(container.id, of: project)
        }
    }

    private func remove(_ container: Plan.ContainerName) async throws {
        try await reporting("Container \(container.name)", "Removing", "Removed") {
            let existing = try host.containers.container(container.id, of: project)
            try host.containers.remove(container.id, of: project)
            guard let existing else { return }
            try await client.report(.removed, of: existing.record)
            host.journal.append(HostEvent("destroy", of: existing.record))
            guard inputs.removesAnonymousVolumes else { return }
            try host.containers.removeAnonymousVolumes(of: existing.record)
        }
    }

    /// Publishes an event of a container unless another command has removed it.
    private func report(
        _ kind: ContainerEvent.Kind,
        of container: Plan.ContainerName
    ) async throws {
        let existing = try host.containers.container(container.id, of: project)
        guard let existing else { return }
        try await client.report(kind, of: existing.record)
        // The store journals the creation.
        if kind == .restarted { host.journal.append(HostEvent("restart", of: existing.record)) }
    }

    private var containerWait: ContainerWait {
        ContainerWait(
            containers: host.containers,
            project: project,
            client: client,
            progress: progress
        )
    }

    /// Waits for the connections of a container, at most as long as it may take to stop.
    private func drain(_ container: Plan.ContainerName) async throws {
        let existing = try host.containers.container(container.id, of: project)
        guard let existing, let pid = existing.state.pid else { return }
        let limit = inputs.grace ?? existing.record.stopGrace
        try await reporting("Container \(container.name)", "Draining", "Drained") {
            try await ContainerDrain(pid: pid, limit: limit).run()
        }
    }

    private func wait(
        for container: Plan.ContainerName,
        _ condition: Plan.Condition,
        _ isRequired: Bool
    ) async throws {
        let object = "Container \(container.name)"
        do {
            try await containerWait.wait(for: container, until: condition)
            progress(ProgressEvent(object, try outcome(of: condition, container), .done))
        } catch {
            progress(
                ProgressEvent(object, "Error", isRequired ? .failed : .warning, detail: "\(error)")
            )
            if isRequired { throw error }
        }
    }

    /// The progress word for a condition that a container has met.
    private func outcome(
        of condition: Plan.Condition,
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
}
