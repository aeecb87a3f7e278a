import ImageStore
public import OCI

extension ProjectChange {
    /// What `down` takes away besides the containers of the file's services.
    public struct DownOptions: Sendable, Equatable {
        /// Only these services and what depends on them; empty: everything.
        public var services: Set<String> = []
        /// Services of the file; nil when there is no file, and then nothing is an orphan.
        public var declaredServices: Set<String>?
        /// Containers of undeclared services, and of `run`, go too.
        public var removesOrphans = false
        public var removesVolumes = false
        public var grace: Duration?
        /// References whose images go as well.
        public var images: [ImageReference] = []

        public init() {}

        /// Whether a container of the project goes.
        func takes(_ container: ExistingContainer) -> Bool {
            let service = container.record.service
            let isOrphan = declaredServices.map { !$0.contains(service) } ?? false
            if isOrphan || container.record.isOneOff { return removesOrphans }
            return services.isEmpty || services.contains(service)
        }
    }

    /// Stops and removes containers, then networks, then what the options name.
    ///
    /// Returns false when there was nothing to remove.
    public func down(_ options: DownOptions) async throws -> Bool {
        try await whileLocked {
            let snapshot = try host.snapshot(of: project)
            try await removeLeftovers(among: snapshot.containers)
            let plan = downPlan(options, snapshot)
            try await carryOut(plan) { runner in
                runner.grace = options.grace
                runner.removesAnonymousVolumes = options.removesVolumes
            }
            guard !isDryRun else { return !plan.operations.isEmpty }
            try removeImages(options.images)
            return !plan.operations.isEmpty
        }
    }

    private func downPlan(_ options: DownOptions, _ snapshot: Snapshot) -> Plan {
        let isWhole = options.services.isEmpty
        let isMine = { (resource: ExistingResource) in resource.project == project }
        return StopPlanner.down(
            snapshot.containers.filter(options.takes),
            networks: isWhole ? snapshot.networks.filter(isMine).map(\.name).sorted() : [],
            volumes: isWhole && options.removesVolumes
                ? snapshot.volumes.filter(isMine).map(\.name).sorted() : []
        )
    }

    private func removeImages(_ references: [ImageReference]) throws {
        guard !references.isEmpty else { return }
        let inUse = try host.contentInUse { fault in
            progress(ProgressEvent("Other containers", "Warning", .warning, detail: "\(fault)"))
        }
        for reference in references {
            let object = "Image \(reference.familiar)"
            progress(ProgressEvent(object, "Removing", .working))
            try host.images.remove(reference, inUse: inUse)
            progress(ProgressEvent(object, "Removed", .done))
        }
    }
}
