import ContainerNetwork
import ContainerRuntime
import Linux
import OCI

/// The means by which a supervisor runs its containers.
struct SupervisorEnvironment {
    let project: String
    let paths: DataPaths
    /// The project's own.
    let files: ProjectPaths
    let loop: EventLoop
    let keeper: KeeperLink
    let cgroups: CgroupHierarchy
    let network: NetworkServices
    let events: EventPublisher
    /// The system's limits on open files, before this program raised its own.
    let openFiles: OpenFileLimit

    init(project: String, paths: DataPaths, openFiles: OpenFileLimit) throws {
        self.project = project
        self.paths = paths
        self.openFiles = openFiles
        files = paths.project(project)
        loop = try EventLoop()
        // As early as possible: the keeper is a copy of this process and keeps its present memory.
        keeper = KeeperLink(files, loop: loop)
        cgroups = try CgroupHierarchy.discover()
        network = NetworkServices(
            NetworkStore(directory: paths.networks),
            ContainerStore(paths),
            project: project,
            loop: loop
        )
        events = EventPublisher(EventJournal(files))
    }

    /// Writes a line to the supervisor's own log.
    func log(_ message: String) { SupervisorLog.write(message) }
}

/// A limit on the number of a process's open files.
struct OpenFileLimit {
    var soft: UInt64
    var hard: UInt64

    /// Raises this process's limit as far as allowed, a container taking about a dozen; returns
    /// the limits as they were.
    static func raise() throws(SystemCallError) -> OpenFileLimit {
        let limits = try ResourceLimit.nofile.get()
        try ResourceLimit.nofile.set(soft: limits.hard, hard: limits.hard)
        return OpenFileLimit(soft: limits.soft, hard: limits.hard)
    }

    /// Sets this limit where the specification sets none, in place of the raised one that the
    /// container would inherit.
    func apply(to specification: inout RuntimeSpecification) {
        let limits = specification.process?.rlimits ?? []
        guard !limits.contains(where: { $0.type == "RLIMIT_NOFILE" }) else { return }
        specification.process?.rlimits =
            limits + [.init(type: "RLIMIT_NOFILE", soft: soft, hard: hard)]
    }
}
