import ContainerNetwork
import ContainerRuntime
import Linux
import OCI

/// The resources of a supervisor that its containers share.
struct SupervisorEnvironment {
    let project: String
    let paths: DataPaths
    /// The paths of the project.
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
        // As early as possible: the keeper is a copy of this process with its current memory.
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
            journal: HostEventJournal(paths),
            loop: loop
        )
        events = EventPublisher(EventJournal(files), HostEventJournal(paths))
    }

    /// Writes a line to the supervisor's own log.
    func log(_ message: String) { SupervisorLog.write(message) }
}
