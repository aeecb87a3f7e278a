import ContainerNetwork
import ImageStore
public import OCI

extension ProjectChange {
    /// The objects that `down` removes besides the containers of the Compose file's services.
    public struct DownOptions: Sendable, Equatable {
        /// Remove only the containers of these services; empty for every service.
        public var services: Set<String> = []
        /// The services of the Compose file; nil without a file, when no container is an orphan.
        public var declaredServices: Set<String>?
        /// Remove orphans and containers of `run` too.
        public var removesOrphans = false
        public var removesVolumes = false
        public var grace: Duration?
        /// References of the images to remove.
        public var images: [ImageReference] = []

        public init() {}

        /// Whether to remove a container of the project.
        func removes(_ container: ExistingContainer) -> Bool {
            let service = container.record.service
            let isOrphan = declaredServices.map { !$0.contains(service) } ?? false
            if isOrphan || container.record.isOneOff && container.record.initStep == nil {
                return removesOrphans
            }
            return services.isEmpty || services.contains(service)
        }
    }

    /// Stops and removes containers, then networks, then what the options name.
    ///
    /// Returns false if there was nothing to remove.
    public func down(_ options: DownOptions) async throws -> Bool {
        try await whileLocked {
            let discarded = try await discardUnreadable()
            let snapshot = try host.snapshot(of: project)
            try await removeLeftovers(among: snapshot.containers)
            let plan = try downPlan(options, snapshot)
            let inputs = PlanInputs(
                grace: options.grace,
                removesAnonymousVolumes: options.removesVolumes
            )
            try await execute(plan, with: inputs)
            if !isDryRun { try removeImages(options.images) }
            return discarded > 0 || !plan.operations.isEmpty
        }
    }

    /// Kills and deletes the containers whose records cannot be read; returns how many there were.
    private func discardUnreadable() async throws -> Int {
        let unreadable = try host.containers.readableContainers(of: project).unreadable
        guard !isDryRun, !unreadable.isEmpty else { return 0 }
        try await withClient { client in
            for (id, fault) in unreadable {
                let object = "Container \(id.prefix(12))"
                progress(ProgressEvent(object, "Removing", .working, detail: "\(fault)"))
                try await client.request(.discard(container: id))
                progress(ProgressEvent(object, "Removed", .done, detail: "\(fault)"))
            }
        }
        return unreadable.count
    }

    private func downPlan(_ options: DownOptions, _ snapshot: Snapshot) throws -> Plan {
        let isWhole = options.services.isEmpty
        let isMine = { (resource: ExistingResource) in resource.project == project }
        // Only its name shows to which project an unreadable network or volume belongs.
        let isNamedMine = { (name: String) in name.hasPrefix("\(project)_") }
        let unreadableNetworks = try host.networks.unreadable().filter(isNamedMine)
        let unreadableVolumes = try host.volumes.unreadable().filter(isNamedMine)
        return StopPlanner.down(
            snapshot.containers.filter(options.removes),
            networks: isWhole
                ? (snapshot.networks.filter(isMine).map(\.name) + unreadableNetworks).sorted() : [],
            volumes: isWhole && options.removesVolumes
                ? (snapshot.volumes.filter(isMine).map(\.name) + unreadableVolumes).sorted() : []
        )
    }

    private func removeImages(_ references: [ImageReference]) throws {
        for reference in references {
            let object = "Image \(reference.familiar)"
            progress(ProgressEvent(object, "Removing", .working))
            guard try host.images.image(reference) != nil else {
                progress(ProgressEvent(object, "No resource found to remove", .warning))
                continue
            }
            let report = try host.images.remove([reference]) {
                try host.contentInUse { fault in
                    progress(
                        ProgressEvent("Other containers", "Warning", .warning, detail: "\(fault)")
                    )
                }
            }
            if report.inUse.isEmpty {
                progress(ProgressEvent(object, "Removed", .done))
            } else {
                progress(ProgressEvent(object, "Resource is still in use", .warning))
            }
        }
    }
}
