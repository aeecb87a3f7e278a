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

    init(project: String, paths: DataPaths) throws {
        self.project = project
        self.paths = paths
        files = paths.project(project)
        loop = try EventLoop()
        // As early as possible: the keeper is a copy of this process and keeps its present memory.
        keeper = KeeperLink(
            files,
            arguments: SupervisorProgram.arguments(project: project, paths: paths),
            loop: loop
        )
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
