import ContainerRuntime
import Linux
import OCI

/// A change of a container's limits and restart rule; nil keeps the present value.
public struct ContainerUpdate: Sendable, Equatable {
    /// In bytes; the two for swap include memory, and -1 is none.
    public var memory: Int64?
    public var memorySwap: Int64?
    public var memoryReservation: Int64?
    public var shares: UInt64?
    /// In microseconds.
    public var period: UInt64?
    public var quota: Int64?
    /// Lists such as `0-2,4`.
    public var processors: String?
    public var memoryNodes: String?
    /// -1 is none.
    public var processes: Int64?
    public var restart: RestartRule?
    /// The document that describes the container to other clients afterwards.
    public var document: [UInt8]?

    public init() {}
}

extension ContainerUpdate {
    /// The present limits with the changed ones.
    func applied(to present: RuntimeSpecification.Resources) -> RuntimeSpecification.Resources {
        var resources = present
        var memory = present.memory ?? .init()
        memory.limit = self.memory ?? memory.limit
        memory.swap = memorySwap ?? memory.swap
        memory.reservation = memoryReservation ?? memory.reservation
        if memory != .init() { resources.memory = memory }
        var cpu = present.cpu ?? .init()
        cpu.shares = shares ?? cpu.shares
        cpu.period = period ?? cpu.period
        cpu.quota = quota ?? cpu.quota
        cpu.cpus = processors ?? cpu.cpus
        cpu.mems = memoryNodes ?? cpu.mems
        if cpu != .init() { resources.cpu = cpu }
        if let processes { resources.pids = .init(limit: processes) }
        return resources
    }
}

extension ProjectChange {
    /// Changes a container's limits and restart rule, at once if it runs, and for its further starts.
    public func update(container id: String, _ update: ContainerUpdate) async throws {
        try await whileLocked {
            guard var container = try host.containers.container(id, of: project) else {
                throw OrchestratorError.noContainerNamed(id)
            }
            let files = host.paths.project(project).container(id)
            var bundle = try Bundle(reading: files.directory)
            let present = bundle.specification.linux?.resources ?? .init()
            let resources = update.applied(to: present)
            if resources != present {
                if container.isRunning {
                    let cgroup = Cgroup(bundle.specification, id, try CgroupHierarchy.discover())
                    try cgroup.update(resources)
                }
                bundle.specification.linux?.resources = resources
                try bundle.write()
            }
            if let rule = update.restart, rule != container.record.restart {
                container.record.restart = rule
                try JSONFile.write(container.record, to: files.record)
                // The supervisor reads the record again.
                if container.isRunning {
                    try await withClient { try await $0.request(.reconnect(container: id)) }
                }
            }
            if let document = update.document {
                try AtomicFile.write(document, to: files.request, flushing: true)
            }
            host.journal.append(HostEvent("update", of: container.record))
        }
    }
}
