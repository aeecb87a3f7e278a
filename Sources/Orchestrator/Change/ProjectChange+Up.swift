public import ComposeFile
import Linux

extension ProjectChange {
    /// How `up` and `create` go about it.
    public struct UpOptions: Sendable, Equatable {
        /// Named on the command line; empty: every active service.
        public var services: [String] = []
        public var planning = UpPlanner.Options()
        /// From the stop signal to SIGKILL of containers that are replaced.
        public var grace: Duration?
        /// `--wait` gives up after this long.
        public var waitLimit: Duration?
        /// Anonymous volumes are made anew instead of carried over.
        public var renewsAnonymousVolumes = false
        /// Nobody is asked whether a changed volume may be made anew.
        public var answersYes = false

        public init() {}
    }

    /// Makes what runs agree with the file, given each service's image.
    ///
    /// `prepared` is called with the project's containers once all of them are made and before
    /// any of them is started.
    public func up(
        _ project: Project,
        images: [String: ServiceImage],
        options: UpOptions,
        prepared: (@Sendable ([ExistingContainer]) async throws -> Void)? = nil
    ) async throws {
        try await whileLocked {
            try host.containers.collectGarbage(of: project.name)
            let desired = DesiredState(
                project: project,
                order: try ServiceGraph(project).order,
                targets: Set(options.services),
                images: images
            )
            let snapshot = try host.snapshot(of: project.name)
            try await removeLeftovers(among: snapshot.containers)
            if options.planning.starts {
                try PortCheck(project: project, paths: host.paths).checkPorts()
            }
            let plan = try await plan(desired.desiredProject, from: snapshot, options)
            let carryOut: @Sendable (Plan) async throws -> Void = { plan in
                try await self.carryOut(plan, desired, snapshot, options)
            }
            guard let prepared else {
                return try await withLimit(options.waitLimit) { try await carryOut(plan) }
            }
            let (preparation, rest) = plan.divided()
            try await carryOut(preparation)
            try await prepared(try host.containers.containers(of: project.name))
            try await carryOut(rest)
        }
    }

    /// The plan, once the user has been asked about changed volumes.
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
            var isRenewed = options.answersYes
            if !isRenewed { isRenewed = try await confirm(question) }
            if isRenewed { planning.renewedVolumes.insert(volume) }
        }
        return try UpPlanner.plan(
            project,
            from: snapshot,
            options: planning,
            makeID: Identifier.make
        )
    }

    func carryOut(
        _ plan: Plan,
        _ desired: DesiredState,
        _ snapshot: Snapshot,
        _ options: UpOptions
    ) async throws {
        let networks = try desired.networkSpecifications()
        let replaced = options.renewsAnonymousVolumes ? [] : snapshot.containers
        let host = host
        let creator = try await BackgroundThread.run {
            try ContainerPreparation(host, desired, replaced: replaced)
        }
        try await carryOut(plan) { runner in
            runner.networks = networks
            runner.volumes = desired.volumeRecords()
            runner.creator = creator
            runner.grace = options.grace
        }
    }

    /// Gives up waiting after `limit`; what has been started stays.
    private func withLimit(
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
