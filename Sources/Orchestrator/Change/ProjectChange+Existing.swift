public import Linux

extension ProjectChange {
    /// The containers of a project that a command acts on.
    public struct Selection: Sendable, Equatable {
        /// Nil for every service.
        public var services: Set<String>?
        /// Include containers of `run`.
        public var includesOneOffs: Bool

        /// The containers of `services`, or of every service if `services` is empty.
        public init(services: [String] = [], includesOneOffs: Bool = false) {
            self.services = services.isEmpty ? nil : Set(services)
            self.includesOneOffs = includesOneOffs
        }

        /// The containers of `services`, which may be empty.
        public init(only services: Set<String>) {
            self.services = services
            includesOneOffs = false
        }

        public func contains(_ container: ExistingContainer) -> Bool {
            let record = container.record
            if record.isOneOff, !includesOneOffs { return false }
            return services?.contains(record.service) ?? true
        }

        /// Whether `container` is selected or a failed step of `pre_start` of a selected service.
        public func covers(_ container: ExistingContainer) -> Bool {
            guard container.record.initStep != nil else { return contains(container) }
            return services?.contains(container.record.service) ?? true
        }
    }

    /// Stops containers, dependents first, without removing them.
    ///
    /// `includingStarting` also stops containers whose start is in progress.
    public func stop(
        _ selection: Selection,
        grace: Duration? = nil,
        includingStarting: Bool = false
    ) async throws {
        try await whileLocked {
            let containers = try containers(selection)
            let plan = StopPlanner.stop(containers, includingStarting: includingStarting)
            try await execute(plan, with: PlanInputs(grace: grace))
        }
    }

    /// Starts existing containers after their dependencies; with `waits`, returns once they run or
    /// are healthy.
    ///
    /// Throws if the project has no container at all, as docker compose, or after `limit`.
    public func start(
        _ selection: Selection,
        waits: Bool = false,
        limit: Duration? = nil
    ) async throws {
        try await whileLocked {
            let all = try host.containers.containers(of: project)
            let wider = selection.withDependencies(among: all)
            let containers = all.filter(wider.contains)
            guard !containers.isEmpty || selection.services?.isEmpty == true else {
                throw OrchestratorError.nothingToStart(
                    selection.services?.min(),
                    project: project
                )
            }
            let inits = all.filter { $0.record.initStep != nil }
            let plan = StopPlanner.start(containers, initContainers: inits, waits: waits)
            try await withLimit(limit) { try await execute(plan) }
        }
    }

    /// Stops and starts existing containers and, with `includesDependents`, those whose
    /// `depends_on` asks to restart with them.
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
            let plan = StopPlanner.restart(
                all.filter(wider.contains),
                initContainers: all.filter { $0.record.initStep != nil }
            )
            try await execute(plan, with: PlanInputs(grace: grace, restarts: true))
        }
    }

    /// Removes stopped containers; running ones too if `stops`.
    public func remove(
        _ selection: Selection,
        stops: Bool,
        removesAnonymousVolumes: Bool
    ) async throws {
        try await whileLocked {
            let containers = try host.containers.containers(of: project).filter { container in
                selection.covers(container) && (stops || !container.isRunning)
            }
            try await execute(
                StopPlanner.remove(containers),
                with: PlanInputs(removesAnonymousVolumes: removesAnonymousVolumes)
            )
        }
    }

    func containers(_ selection: Selection) throws -> [ExistingContainer] {
        try host.containers.containers(of: project).filter(selection.contains)
    }
}

extension ProjectChange.Selection {
    /// Adds every service that depends on a selected one, by the labels of its containers.
    public func withDependents(
        among containers: [ExistingContainer],
        following isFollowed: (DesiredDependency) -> Bool = { _ in true }
    ) -> Self {
        widened { services in
            containers.filter { container in
                container.record.dependencies.contains {
                    services.contains($0.service) && isFollowed($0)
                }
            }
            .map(\.record.service)
        }
    }

    /// Adds every service that a selected one depends on, by the labels of its containers.
    func withDependencies(among containers: [ExistingContainer]) -> Self {
        widened { services in
            containers.filter { services.contains($0.record.service) && !$0.record.isOneOff }
                .flatMap(\.record.dependencies).map(\.service)
        }
    }

    /// Adds `neighbours` of the selected services until there are no more.
    private func widened(by neighbours: (Set<String>) -> [String]) -> Self {
        guard var services else { return self }
        while true {
            let wider = services.union(neighbours(services))
            if wider == services { break }
            services = wider
        }
        var selection = self
        selection.services = services
        return selection
    }
}

extension ProjectChange {
    /// Sends a signal to running containers without waiting for its effect; returns their number.
    public func kill(_ selection: Selection, with signal: Signal) async throws -> Int {
        try await request(selection, "Killing", "Killed") {
            .kill(container: $0.id, signal: signal)
        }
    }

    /// Pauses running containers.
    public func pause(_ selection: Selection) async throws {
        _ = try await request(selection, "Pausing", "Paused") { container in
            if container.state.status == .paused {
                throw OrchestratorError.alreadyPaused(container.record.name)
            }
            return .pause(container: container.id)
        }
    }

    /// Resumes paused containers.
    public func resume(_ selection: Selection) async throws {
        _ = try await request(selection, "Unpausing", "Unpaused") { container in
            if container.state.status != .paused {
                throw OrchestratorError.notPaused(container.record.name)
            }
            return .resume(container: container.id)
        }
    }

    /// Sends a request to the supervisor for each running container; throws the first error after
    /// all of them.
    private func request(
        _ selection: Selection,
        _ doing: String,
        _ done: String,
        _ action: (ExistingContainer) throws -> SupervisorRequest.Action
    ) async throws -> Int {
        let running = try containers(selection).filter(\.isRunning)
        guard !running.isEmpty else { return 0 }
        var failure: (any Error)?
        try await withClient { client in
            for container in running {
                let object = "Container \(container.record.name)"
                do {
                    try await ProgressEvent.reporting(object, doing, done, to: progress) {
                        let action = try action(container)
                        if !isDryRun { try await client.request(action) }
                    }
                } catch {
                    failure = failure ?? error
                }
            }
        }
        if let failure { throw failure }
        return running.count
    }
}
