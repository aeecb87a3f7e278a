import Linux
public import Orchestrator
public import SystemPackage

/// The host as clients of the Engine API see it. It owns nothing: every request works on the files
/// and supervisors that commands use too.
struct Engine: Sendable {
    let host: Host
    /// This program's own file, for the supervisors that requests start.
    let executable: FilePath
    let environment: [String: String]
    let execs: ExecTable
    let starts: StartHolds
    /// The only project whose containers, networks and volumes exist for the clients; nil for all.
    let scope: String?

    init(_ settings: EngineSettings) throws {
        host = try Host(settings.paths)
        executable = settings.executable
        environment = settings.environment
        execs = ExecTable()
        starts = StartHolds()
        scope = settings.project
    }

    var containers: ContainerStore { host.containers }

    /// A change of `project`, whose progress is not shown.
    func change(of project: String) -> ProjectChange {
        ProjectChange(host, project: project, executable: executable, progress: { _ in })
    }

    /// Calls `body` with a connection to the supervisor of `project`, and closes it afterwards.
    func withSupervisor<Result: Sendable>(
        of project: String,
        _ body: (SupervisorClient) async throws -> Result
    ) async throws -> Result {
        let client = client(of: project)
        return try await withCleanup {
            try await body(client)
        } cleanUp: {
            await client.close()
        }
    }

    func client(of project: String) -> SupervisorClient {
        SupervisorClient(project: project, paths: host.paths, executable: executable)
    }
}

/// What an API process is started with.
public struct EngineSettings: Sendable {
    public var paths: DataPaths
    public var executable: FilePath
    public var environment: [String: String]
    /// Only requests that read are served.
    public var isReadOnly = false
    /// The only project that clients see and change; nil for all.
    public var project: String?
    /// The end without connections after which the process ends; nil for none.
    public var idleLimit: Duration?

    public init(paths: DataPaths, executable: FilePath, environment: [String: String]) {
        self.paths = paths
        self.executable = executable
        self.environment = environment
    }
}
