public import ComposeFile
import Linux

extension ProjectChange {
    /// The options of `up` and `create`.
    public struct UpOptions: Sendable, Equatable {
        /// Services named on the command line; empty for every active service.
        public var services: [String] = []
        public var planning = UpPlanner.Options()
        /// The time from the stop signal to SIGKILL for containers that are replaced.
        public var grace: Duration?
        /// `--wait-timeout`.
        public var waitLimit: Duration?
        /// Anonymous volumes are recreated instead of inherited.
        public var renewsAnonymousVolumes = false
        /// Changed volumes are recreated without asking.
        public var assumesYes = false

        /// Containers of services that the Compose file no longer has are not mentioned.
        public var ignoresOrphans = false
        /// Published ports that are in use are moved to free ones.
        public var movesPorts = false
        /// The snapshot whose content the project's volumes get first; nil for none.
        public var restoredSnapshot: String?

        public init() {}
    }

    /// Creates and starts the project's containers, given the image of each service.
    ///
    /// `prepared` is called with the project's containers once all of them exist and before any
    /// of them is started.
    public func up(
        _ project: Project,
        images: [String: ServiceImage],
        options: UpOptions,
        prepared: (@Sendable ([ExistingContainer]) async throws -> Void)? = nil
    ) async throws {
        try await whileLocked {
            try host.containers.collectGarbage(of: project.name)
            try requireReadableContainers()
            if let name = options.restoredSnapshot {
                try await measuring("restore volumes") { try await restore(name, of: project) }
            }
            let (plan, inputs) = try await measuring("plan") {
                try await planned(project, images, options)
            }
            guard let prepared else {
                return try await withLimit(options.waitLimit) {
                    try await execute(plan, with: inputs)
                }
            }
            let (preparation, rest) = plan.divided()
            try await execute(preparation, with: inputs)
            try await prepared(try host.containers.containers(of: project.name))
            try await execute(rest, with: inputs)
        }
    }

    /// Restores the snapshot `name` of the project's volumes that have one.
    private func restore(_ name: String, of project: Project) async throws {
        let desired = DesiredState(project: project, order: [], targets: [], images: [:])
        let volumes = desired.volumeRecords().sorted { $0.key < $1.key }.map(\.value)
        try await restore(name, of: volumes)
    }

    /// The plan of `up` with what its operations need.
    private func planned(
        _ project: Project,
        _ images: [String: ServiceImage],
        _ options: UpOptions
    ) async throws -> (Plan, PlanInputs) {
        let snapshot = try host.snapshot(of: project.name)
        var project = project.withPublication()
        if options.movesPorts {
            project = try relocatingPorts(of: project, besides: snapshot.containers)
        }
        let desired = DesiredState(
            project: project,
            order: try ServiceGraph(project).order,
            targets: Set(options.services),
            images: images
        )
        try await removeLeftovers(among: snapshot.containers)
        if options.planning.starts {
            try PortCheck(project: project, paths: host.paths).checkPorts()
        }
        var plan = try await plan(desired.desiredProject, from: snapshot, options)
        explain(&plan, with: project)
        return (plan, try await inputs(desired, snapshot, options))
    }

    /// Measures a part of the change that is not an operation of its plan.
    private func measuring<Value>(
        _ activity: String,
        _ work: () async throws -> Value
    ) async throws -> Value {
        guard let timings else { return try await work() }
        return try await timings.measuring("Project \(project)", activity, work)
    }

    /// The plan of `up`, without asking questions, reserving names or changing anything.
    public func plan(
        _ project: Project,
        images: [String: ServiceImage],
        options: UpOptions
    ) async throws -> Plan {
        let project = project.withPublication()
        return try await whileLocked {
            try requireReadableContainers()
            let desired = DesiredState(
                project: project,
                order: try ServiceGraph(project).order,
                targets: Set(options.services),
                images: images
            )
            var plan = try UpPlanner.plan(
                desired.desiredProject,
                from: try host.snapshot(of: project.name),
                options: options.planning,
                makeID: Identifier.make
            )
            explain(&plan, with: project)
            return plan
        }
    }

    /// Plans after asking the user whether to recreate changed volumes, and reserves the names of
    /// the containers to create, until the change ends.
    func plan(
        _ project: DesiredProject,
        from snapshot: Snapshot,
        _ options: UpOptions
    ) async throws -> Plan {
        var planning = options.planning
        for volume in project.changedVolumes(in: snapshot) {
            let question =
                "Volume \"\(volume)\" exists but doesn't match configuration in compose file. "
                + "Recreate (data will be lost)?"
            var isRecreated = options.assumesYes
            if !isRecreated { isRecreated = try await confirm(question) }
            guard isRecreated else { continue }
            let own = Set(snapshot.containers.map(\.id))
            let users = try host.containers.users(ofVolume: volume).filter { !own.contains($0) }
            guard users.isEmpty else {
                throw OrchestratorError.volumeInUse(volume, containers: users)
            }
            planning.recreatedVolumes.insert(volume)
        }
        let plan = try UpPlanner.plan(
            project,
            from: snapshot,
            options: planning,
            makeID: Identifier.make
        )
        try host.containers.reserve(
            plan.createdNames,
            for: self.project,
            replacing: plan.removedContainers
        )
        return plan
    }

    /// Names the attributes that have changed since the containers to replace were created.
    private func explain(_ plan: inout Plan, with project: Project) {
        plan.explain { id, name in
            let file = host.paths.project(self.project).container(id).model
            // A container of an earlier version has no model to compare.
            guard let service = project.services[name], let text = try? FileSystem.readText(file),
                let old = Value(parsingJSON: text)
            else { return [] }
            return old.changes(to: project.model(of: service))
        }
    }

    /// Unpacks the images and gathers what the operations of the plan need.
    func inputs(
        _ desired: DesiredState,
        _ snapshot: Snapshot,
        _ options: UpOptions
    ) async throws -> PlanInputs {
        let (host, caller, progress) = (host, caller, progress)
        return PlanInputs(
            networks: try desired.networkSpecifications(),
            volumes: desired.volumeRecords(),
            preparation: try await BackgroundThread.run {
                try ContainerPreparation(
                    host,
                    desired,
                    existing: snapshot.containers,
                    inheritsVolumes: !options.renewsAnonymousVolumes,
                    caller: caller,
                    progress: progress
                )
            },
            grace: options.grace
        )
    }

    /// Throws after `limit`; containers that have been started keep running.
    func withLimit(
        _ limit: Duration?,
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        guard let limit else { return try await body() }
        try await withThrowingTaskGroup { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: limit)
                throw OrchestratorError.notHealthyInTime(limit)
            }
            try await group.next()
            group.cancelAll()
        }
    }
}
