public import ComposeFile
public import OCI

/// Why a container is in its state, with the evidence.
public struct ContainerExplanation: Sendable, Equatable, Encodable {
    public var name: String
    public var service: String
    public var state: ContainerState.Status
    /// A sentence without its end: `it failed with exit code 1`.
    public var reason: String
    /// What its start still waits for.
    public var waitsFor: [String]
    /// Why it was created; nil if an earlier version created it.
    public var origin: String?
    /// The attributes whose change caused its creation.
    public var changes: [AttributeChange]
    public var restarts: Int
    /// The latest results of its health check: `exit 1: connection refused`.
    public var probes: [String]
    /// The end of its output, unless it runs well.
    public var lastLines: [String]

    /// What is known about a container besides its record and state.
    struct Evidence {
        var origin: ContainerOrigin?
        /// In bytes; nil without a limit.
        var memoryLimit: Int64?
        var lastLines: [String] = []
    }

    /// `siblings` are the containers of its project.
    init(_ container: ExistingContainer, among siblings: [ExistingContainer], _ evidence: Evidence)
    {
        let (record, state) = (container.record, container.state)
        (name, service, self.state) = (record.name, record.service, state.status)
        waitsFor =
            state.status == .created ? Self.obstacles(to: container, among: siblings) : []
        reason = Self.reason(container, evidence, isWaiting: !waitsFor.isEmpty)
        origin = evidence.origin?.cause
        changes = evidence.origin?.changes ?? []
        restarts = state.restartCount
        let isWell = state.health == nil || state.health == .healthy
        probes = isWell ? [] : state.probes.map(Self.text)
        lastLines =
            container.isRunning && isWell && state.status != .restarting
            ? [] : evidence.lastLines
    }

    private static func reason(
        _ container: ExistingContainer,
        _ evidence: Evidence,
        isWaiting: Bool
    ) -> String {
        let state = container.state
        let ending = ExitMeaning.text(
            state,
            memoryLimit: evidence.memoryLimit,
            grace: container.record.stopGrace
        )
        switch state.status {
        case .created:
            if let failure = state.failure { return "it could not be started: \(failure)" }
            return isWaiting ? "it has not been started yet" : "no command has started it"
        case .running where state.health == .unhealthy:
            return "it runs, but its health check has failed \(state.failingStreak) times in a row"
        case .running where state.health == .starting:
            return "it runs, and its health check has not succeeded yet"
        case .running: return "it runs"
        case .paused: return "a command has paused it"
        case .restarting: return "\(ending), and is restarted after a pause"
        case .removing: return "it is being removed"
        case .exited, .dead:
            if let failure = state.failure { return "it could not be started: \(failure)" }
            return ending
        }
    }

    /// The steps of `pre_start` and the conditions of `depends_on` that are not met.
    private static func obstacles(
        to container: ExistingContainer,
        among siblings: [ExistingContainer]
    ) -> [String] {
        let record = container.record
        let conditions = record.dependencies.flatMap { rule in
            siblings.filter { $0.record.service == rule.service && !$0.record.isOneOff }
                .compactMap { obstacle($0, rule) }
        }
        let steps = Snapshot(containers: siblings)
            .initContainers(of: record.service, replica: record.number)
            .filter { $0.pendingStep != nil }
            .map { step in
                let code = step.state.exitCode.map { "exited (\($0))" }
                return "pre_start[\(step.record.initStep?.index ?? 0)]: "
                    + (step.hasEnded ? code ?? "exited" : step.state.status.rawValue)
            }
        return conditions + steps
    }

    private static func obstacle(
        _ dependency: ExistingContainer,
        _ rule: DesiredDependency
    ) -> String? {
        let (name, state) = (dependency.record.name, dependency.state)
        switch rule.condition {
        case .started: return dependency.isRunning || dependency.hasEnded ? nil : "\(name) to start"
        case .healthy:
            if state.health == .healthy { return nil }
            let probe = state.probes.last.map { ", last probe: \(text($0))" } ?? ""
            return "\(name) to be healthy (\(state.status.rawValue)\(probe))"
        case .completed:
            if dependency.hasEnded, state.exitCode == 0 { return nil }
            return "\(name) to complete (\(state.status.rawValue))"
        }
    }

    private static func text(_ probe: ContainerState.ProbeResult) -> String {
        let ending = probe.exitCode < 0 ? "timed out" : "exit \(probe.exitCode)"
        let words = probe.output.split(separator: "\n").last.map { ": \($0)" } ?? ""
        return ending + words
    }
}

extension ContainerExplanation {
    /// Explains the containers of a service, those of `pre_start` included, from their files.
    public static func all(
        of service: String,
        in project: String,
        _ paths: DataPaths
    ) throws -> [ContainerExplanation] {
        try all(in: project, paths) { $0.record.service == service }
    }

    /// Explains the containers of `services` that have failed since a moment, or are failing.
    public static func failures(
        of services: Set<String>,
        in project: String,
        since moment: Timestamp,
        _ paths: DataPaths
    ) throws -> [ContainerExplanation] {
        try all(in: project, paths) { container in
            services.contains(container.record.service)
                && Self.isFailing(container, since: moment)
        }
    }

    static func isFailing(_ container: ExistingContainer, since moment: Timestamp) -> Bool {
        let state = container.state
        switch state.status {
        case .created: return state.failure != nil
        case .running: return state.health == .unhealthy
        case .restarting: return true
        case .paused, .removing: return false
        case .exited, .dead:
            let isRecent = state.finishedAt.map { $0 - moment >= .zero } ?? false
            let hasFailed = state.failure != nil || (state.exitCode ?? 1) != 0
            return isRecent && hasFailed && !state.wasStoppedByHand
        }
    }

    private static func all(
        in project: String,
        _ paths: DataPaths,
        where isWanted: (ExistingContainer) -> Bool
    ) throws -> [ContainerExplanation] {
        let store = ContainerStore(paths)
        let siblings = try store.containers(of: project)
        return siblings.filter(isWanted).map { container in
            let files = paths.project(project).container(container.id)
            // Each file may be missing, or be gone with its container; the rest is explained.
            let origin = try? JSONFile.readIfPresent(ContainerOrigin.self, from: files.origin)
            let bundle = try? JSONFile.readIfPresent(
                RuntimeSpecification.self,
                from: files.specification
            )
            let evidence = Evidence(
                origin: origin,
                memoryLimit: bundle?.linux?.resources?.memory?.limit.flatMap { $0 > 0 ? $0 : nil },
                lastLines: LogTail(paths).lines(of: container.record)
            )
            return ContainerExplanation(container, among: siblings, evidence)
        }
    }
}
