/// Plans the commands that act on existing containers: stop, start, restart, rm and down.
///
/// The order comes from the `depends_on` labels of the containers, so that no Compose file is
/// needed. Pure functions.
public enum StopPlanner {
    /// Stops dependents before their dependencies.
    ///
    /// A container whose start is in progress is not recorded as running yet;
    /// `includingStarting` plans a stop for every container, so that none is missed.
    public static func stop(
        _ containers: [ExistingContainer],
        includingStarting: Bool = false
    ) -> Plan {
        var plan = Plan()
        planStops(containers.filter { includingStarting || $0.needsStop }, into: &plan)
        return plan
    }

    /// Starts dependencies first and waits for the conditions of `depends_on`; runs those of the
    /// `initContainers` before that prepare them. With `waits`, also waits until each container
    /// runs, is healthy, or has completed if another one needs it to.
    public static func start(
        _ containers: [ExistingContainer],
        initContainers: [ExistingContainer] = [],
        waits: Bool = false
    ) -> Plan {
        var plan = Plan()
        let starts = planStarts(containers, initContainers, after: [:], into: &plan)
        guard waits else { return plan }
        let dependencies = containers.flatMap(\.record.dependencies)
        let oneShots = Set(dependencies.filter { $0.condition == .completed }.map(\.service))
        for container in containers {
            plan.add(
                .await(
                    container.planName,
                    oneShots.contains(container.record.service) ? .completed : .ready,
                    isRequired: true
                ),
                because: .requested,
                after: starts[container.id].map { [$0] } ?? []
            )
        }
        return plan
    }

    /// Stops all containers, then starts them.
    public static func restart(
        _ containers: [ExistingContainer],
        initContainers: [ExistingContainer] = []
    ) -> Plan {
        var plan = Plan()
        let stops = planStops(containers.filter(\.needsStop), into: &plan)
        planStarts(containers, initContainers, after: stops, into: &plan)
        return plan
    }

    /// Removes containers, stopping those that are running.
    public static func remove(_ containers: [ExistingContainer]) -> Plan {
        var plan = Plan()
        planRemovals(containers, into: &plan)
        return plan
    }

    /// Removes containers, then networks and volumes, given by full name.
    public static func down(
        _ containers: [ExistingContainer],
        networks: [String],
        volumes: [String]
    ) -> Plan {
        var plan = Plan()
        let removals = planRemovals(containers, into: &plan)
        for network in networks {
            plan.add(.removeNetwork(network), because: .requested, after: removals)
        }
        for volume in volumes {
            plan.add(.removeVolume(volume), because: .requested, after: removals)
        }
        return plan
    }
}

extension StopPlanner {
    @discardableResult
    private static func planRemovals(
        _ containers: [ExistingContainer],
        into plan: inout Plan
    ) -> [Int] {
        let stops = planStops(containers.filter(\.needsStop), into: &plan)
        return containers.map { container in
            plan.add(
                .remove(container.planName),
                because: .requested,
                after: stops[container.id].map { [$0] } ?? []
            )
        }
    }

    /// Plans the stop of each container; returns the operations by container id.
    @discardableResult
    private static func planStops(
        _ containers: [ExistingContainer],
        into plan: inout Plan
    ) -> [String: Int] {
        var stops: [String: Int] = [:]
        for container in containers {
            stops[container.id] = plan.add(.stop(container.planName), because: .requested)
        }
        for dependent in containers {
            for dependency in dependencies(of: dependent, among: containers) {
                if let first = stops[dependent.id], let later = stops[dependency.container.id] {
                    plan.make(later, waitFor: first)
                }
            }
        }
        return stops
    }

    /// Plans the start of each container; returns the operations by container id.
    @discardableResult
    private static func planStarts(
        _ containers: [ExistingContainer],
        _ initContainers: [ExistingContainer],
        after stops: [String: Int],
        into plan: inout Plan
    ) -> [String: Int] {
        var starts: [String: Int] = [:]
        var prepared: [String: Int] = [:]
        for container in inStartOrder(containers) {
            var gates = stops[container.id].map { [$0] } ?? []
            for (dependency, rule) in dependencies(of: container, among: containers) {
                let start = starts[dependency.id].map { [$0] } ?? []
                gates += gate(dependency, rule, for: container, after: start, into: &plan)
            }
            let service = container.record.service
            var last = prepared[service]
            for step in steps(before: container, among: initContainers) {
                last = plan.add(
                    step,
                    because: .neededBy(service),
                    after: gates + (last.map { [$0] } ?? [])
                )
            }
            if prepared[service] == nil { prepared[service] = last }
            gates += last.map { [$0] } ?? []
            starts[container.id] = plan.add(
                .start(container.planName),
                because: .requested,
                after: gates
            )
        }
        return starts
    }

    /// The steps of `pre_start` that a container still needs, in order.
    private static func steps(
        before container: ExistingContainer,
        among initContainers: [ExistingContainer]
    ) -> [Plan.Action] {
        Snapshot(containers: initContainers)
            .initContainers(of: container.record.service, replica: container.record.number)
            .compactMap { old in
                old.pendingStep.map {
                    .initialize(old.planName, service: container.record.service, step: $0)
                }
            }
    }

    private static func gate(
        _ dependency: ExistingContainer,
        _ rule: DesiredDependency,
        for dependent: ExistingContainer,
        after start: [Int],
        into plan: inout Plan
    ) -> [Int] {
        let condition: Plan.Condition
        switch rule.condition {
        case .started: return start
        case .healthy: condition = .healthy
        case .completed: condition = .completed
        }
        return [
            plan.add(
                .await(dependency.planName, condition, isRequired: rule.isRequired),
                because: .neededBy(dependent.record.service),
                after: start
            )
        ]
    }

    private static func dependencies(
        of dependent: ExistingContainer,
        among containers: [ExistingContainer]
    ) -> [(container: ExistingContainer, rule: DesiredDependency)] {
        dependent.record.dependencies.flatMap { rule in
            containers.filter { $0.record.service == rule.service && !$0.record.isOneOff }
                .map { ($0, rule) }
        }
    }

    /// Dependencies first. A cycle in the labels is followed only once.
    private static func inStartOrder(_ containers: [ExistingContainer]) -> [ExistingContainer] {
        var ordered: [ExistingContainer] = []
        var seen: Set<String> = []
        func visit(_ container: ExistingContainer) {
            guard seen.insert(container.id).inserted else { return }
            for (dependency, _) in dependencies(of: container, among: containers) {
                visit(dependency)
            }
            ordered.append(container)
        }
        for container in containers { visit(container) }
        return ordered
    }
}

extension ContainerRecord {
    /// The label `com.docker.compose.depends_on`, decoded: `db:service_healthy:false,…`.
    var dependencies: [DesiredDependency] {
        (labels[ComposeLabel.dependsOn] ?? "").split(separator: ",").compactMap { entry in
            let parts = entry.split(separator: ":").map(String.init)
            guard let service = parts.first else { return nil }
            let condition = parts.dropFirst().first.flatMap(DesiredDependency.Condition.init)
            return DesiredDependency(
                service: service,
                condition: condition ?? .started,
                restarts: parts.count > 2 && parts[2] == "true",
                isRequired: true
            )
        }
    }
}

extension DesiredDependency {
    /// An entry of the label `com.docker.compose.depends_on`.
    var label: String { "\(service):\(condition.rawValue):\(restarts)" }
}
