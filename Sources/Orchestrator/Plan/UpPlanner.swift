/// Compares desired and existing state and plans `up`, `create` and `run`.
///
/// A pure function: no system call, no random number.
public struct UpPlanner {
    public struct Options: Sendable, Equatable {
        public enum Recreation: Sendable { case whenChanged, always, never }

        public var recreation = Recreation.whenChanged
        /// `--always-recreate-deps`.
        public var recreatesDependencies = false
        public var removesOrphans = false
        /// False for `create` and `up --no-start`.
        public var starts = true
        /// `up --rolling`: running containers are replaced as `deploy.update_config` says.
        public var rolls = false
        /// `up --wait`.
        public var waits = false
        /// Volumes to recreate, losing their content, because their definition has changed.
        public var recreatedVolumes: Set<String> = []

        public init() {}

        var recreationOfDependencies: Recreation {
            recreatesDependencies ? .always : recreation == .never ? .never : .whenChanged
        }
    }

    let project: DesiredProject
    var snapshot: Snapshot
    let options: Options
    let makeID: () -> String
    var plan = Plan()
    /// The operation that creates a network or volume, by full name.
    var resources: [String: Int] = [:]
    /// The operations that start a service's containers.
    var starts: [String: [Int]] = [:]
    /// The operations that stop containers of a service to replace them.
    var replacements: [String: [Int]] = [:]
    /// The operations that create a service's containers.
    var creations: [String: [Int]] = [:]
    var containers: [String: [Plan.ContainerName]] = [:]
    /// The new init containers of a container, with the operations that create them, by its id.
    var initContainers: [String: [InitContainer]] = [:]
    /// The last operation that prepares all replicas of a service.
    var initGates: [String: Int] = [:]

    private init(
        _ project: DesiredProject,
        _ snapshot: Snapshot,
        _ options: Options,
        _ makeID: @escaping () -> String
    ) {
        self.project = project
        self.snapshot = snapshot
        self.options = options
        self.makeID = makeID
    }

    /// Plans the way from `snapshot` to `project`; `makeID` returns the ids of new containers.
    public static func plan(
        _ project: DesiredProject,
        from snapshot: Snapshot,
        options: Options = Options(),
        makeID: @escaping () -> String
    ) throws(OrchestratorError) -> Plan {
        var planner = UpPlanner(project, snapshot, options, makeID)
        try planner.planResources()
        planner.planOrphans()
        for service in project.services { planner.plan(service) }
        if let service = project.oneOff { planner.planOneOff(of: service) }
        if options.waits { planner.planWaiting() }
        return planner.plan
    }
}
