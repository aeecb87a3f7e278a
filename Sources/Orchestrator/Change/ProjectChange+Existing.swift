public import Linux

extension ProjectChange {
    /// Which of a project's containers a command means.
    public struct Selection: Sendable, Equatable {
        /// Empty: every service.
        public var services: Set<String>
        /// Containers of `run` too.
        public var includesOneOffs: Bool

        public init(services: some Sequence<String> = [], includesOneOffs: Bool = false) {
            self.services = Set(services)
            self.includesOneOffs = includesOneOffs
        }

        public func contains(_ container: ExistingContainer) -> Bool {
            let record = container.record
            if record.isOneOff, !includesOneOffs { return false }
            return services.isEmpty || services.contains(record.service)
        }
    }

    /// Stops containers, dependents first; they stay and can be started again.
    ///
    /// `includingStarting` asks all of them, so that none that is just being started is missed.
    public func stop(
        _ selection: Selection,
        grace: Duration? = nil,
        includingStarting: Bool = false
    ) async throws {
        try await whileLocked {
            let containers = try containers(selection)
            let plan = StopPlanner.stop(containers, includingStarting: includingStarting)
            try await carryOut(plan) { $0.grace = grace }
        }
    }

    /// Starts existing containers in dependency order.
    public func start(_ selection: Selection) async throws {
        try await whileLocked {
            try await carryOut(StopPlanner.start(try containers(selection)))
        }
    }

    /// Stops and starts existing containers, with them the dependents that ask for it.
    public func restart(
        _ selection: Selection,
        includesDependents: Bool,
        grace: Duration? = nil
    ) async throws {
        try await whileLocked {
            let all = try host.containers.containers(of: project)
            let wider =
                includesDependents
                ? selection.withDependents(among: all, following: \.restarts) : selection
            let plan = StopPlanner.restart(all.filter(wider.contains))
            try await carryOut(plan) { $0.grace = grace }
        }
    }

    /// Removes containers that do not run, or all when `stops`.
    public func remove(
        _ selection: Selection,
        stops: Bool,
        removesAnonymousVolumes: Bool
    ) async throws {
        try await whileLocked {
            let containers = try containers(selection).filter { stops || !$0.isRunning }
            try await carryOut(StopPlanner.remove(containers)) {
                $0.removesAnonymousVolumes = removesAnonymousVolumes
            }
        }
    }

    func containers(_ selection: Selection) throws -> [ExistingContainer] {
        try host.containers.containers(of: project).filter(selection.contains)
    }
}

extension ProjectChange.Selection {
    /// The same with all services that depend on a selected one, by what their containers say.
    public func withDependents(
        among containers: [ExistingContainer],
        following isFollowed: (DesiredDependency) -> Bool = { _ in true }
    ) -> Self {
        guard !services.isEmpty else { return self }
        var wider = self
        var before: Set<String> = []
        while before != wider.services {
            before = wider.services
            for container in containers
            where container.record.dependencies.contains(where: {
                before.contains($0.service) && isFollowed($0)
            }) {
                wider.services.insert(container.record.service)
            }
        }
        return wider
    }
}

extension ProjectChange {
    /// Sends a signal to running containers and does not wait; returns how many there were.
    public func kill(_ selection: Selection, with signal: Signal) async throws -> Int {
        try await each(selection, "Killing", "Killed") { .kill(container: $0.id, signal: signal) }
    }

    /// Freezes running containers.
    public func pause(_ selection: Selection) async throws {
        _ = try await each(selection, "Pausing", "Paused") { container in
            if container.state.status == .paused {
                throw OrchestratorError.alreadyPaused(container.record.name)
            }
            return .pause(container: container.id)
        }
    }

    /// Lets paused containers go on.
    public func resume(_ selection: Selection) async throws {
        _ = try await each(selection, "Unpausing", "Unpaused") { container in
            if container.state.status != .paused {
                throw OrchestratorError.notPaused(container.record.name)
            }
            return .resume(container: container.id)
        }
    }

    /// Asks the same of every running container; the first fault is thrown when all were asked.
    private func each(
        _ selection: Selection,
        _ doing: String,
        _ done: String,
        _ action: (ExistingContainer) throws -> SupervisorRequest.Action
    ) async throws -> Int {
        let running = try containers(selection).filter(\.isRunning)
        guard !running.isEmpty else { return 0 }
        let client = SupervisorClient(
            project: project,
            paths: host.paths,
            executable: executable
        )
        var failure: (any Error)?
        for container in running {
            let object = "Container \(container.record.name)"
            progress(ProgressEvent(object, doing, .working))
            do {
                let action = try action(container)
                if !isDryRun { try await client.request(action) }
                progress(ProgressEvent(object, done, .done))
            } catch {
                progress(ProgressEvent(object, "Error", .failed, detail: "\(error)"))
                failure = failure ?? error
            }
        }
        await client.close()
        if let failure { throw failure }
        return running.count
    }
}
