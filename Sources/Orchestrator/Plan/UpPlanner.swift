/// Turns what is wanted and what exists into the plan of `up` and `create`.
///
/// A pure function: it makes no call and draws no random number.
public struct UpPlanner {
    public struct Options: Sendable, Equatable {
        public enum Recreation: Sendable { case whenChanged, always, never }

        public var recreation = Recreation.whenChanged
        /// `recreation` counts for dependencies too.
        public var recreatesDependencies = false
        public var removesOrphans = false
        /// `create` and `up --no-start` leave it out.
        public var starts = true
        /// `up --wait`.
        public var waits = false
        /// Volumes that are made anew, with the loss of what they hold, if the file has changed.
        public var renewedVolumes: Set<String> = []

        public init() {}
    }

    let project: DesiredProject
    var snapshot: Snapshot
    let options: Options
    let makeID: () -> String
    var plan = Plan()
    /// Operations after which networks and volumes are there.
    var resources: [String: Int] = [:]
    /// Operations after which a service's containers are started.
    var starts: [String: [Int]] = [:]
    /// Operations that stop a replaced container of a service.
    var replacements: [String: [Int]] = [:]
    /// Operations that make a service's containers.
    var creations: [String: [Int]] = [:]
    var containers: [String: [Plan.ContainerName]] = [:]

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

    /// Plans how `snapshot` becomes `project`; `makeID` names the new containers.
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
