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

    private let project: DesiredProject
    private var snapshot: Snapshot
    private let options: Options
    private let makeID: () -> String
    private var plan = Plan()
    /// Operations after which networks and volumes are there.
    private var resources: [String: Int] = [:]
    /// Operations after which a service's containers are started.
    private var starts: [String: [Int]] = [:]
    /// Operations that stop a replaced container of a service.
    private var replacements: [String: [Int]] = [:]
    /// Operations that make a service's containers.
    private var creations: [String: [Int]] = [:]
    private var containers: [String: [Plan.ContainerName]] = [:]

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

// Networks, volumes, orphans.
extension UpPlanner {
    private mutating func planResources() throws(OrchestratorError) {
        for network in project.networks {
            let existing = snapshot.networks.first { $0.name == network.name }
            if network.isExternal {
                guard existing != nil else { throw .externalNetworkMissing(network.name) }
            } else if existing == nil {
                resources[network.name] = plan.add(
                    .createNetwork(network.name),
                    because: .missing
                )
            } else if let hash = existing?.configHash, hash != network.configHash {
                planReplacement(of: network)
            }
        }
        for volume in project.volumes {
            let exists = snapshot.volumes.contains { $0.name == volume.name }
            if volume.isExternal {
                guard exists else { throw .externalVolumeMissing(volume.name) }
            } else if !exists {
                resources[volume.name] = plan.add(.createVolume(volume.name), because: .missing)
            }
        }
        for volume in project.changedVolumes(in: snapshot)
        where options.renewedVolumes.contains(volume) {
            planReplacement(ofVolume: volume)
        }
    }

    /// The containers that mount a volume go before it; new ones take their place.
    private mutating func planReplacement(ofVolume volume: String) {
        let users = snapshot.containers.filter { container in
            container.record.volumes.contains { $0.name == volume }
        }
        let removals = users.map { user in
            let removal = planRemoval(of: user, because: .volumeChanged(volume))
            replacements[user.record.service, default: []] += plan.operations[removal].after
            return removal
        }
        snapshot.containers.removeAll(where: users.contains)
        let removal = plan.add(
            .removeVolume(volume),
            because: .configurationChanged,
            after: removals
        )
        resources[volume] = plan.add(
            .createVolume(volume),
            because: .configurationChanged,
            after: [removal]
        )
    }

    /// A network changes only while nobody is attached; its containers are started again later.
    private mutating func planReplacement(of network: DesiredResource) {
        let stops = attached(to: network.name).filter(\.isRunning).map {
            plan.add(.stop($0.planName), because: .dependencyReplaced(network.name))
        }
        let removal = plan.add(
            .removeNetwork(network.name),
            because: .configurationChanged,
            after: stops
        )
        resources[network.name] = plan.add(
            .createNetwork(network.name),
            because: .configurationChanged,
            after: [removal]
        )
    }

    private func attached(to network: String) -> [ExistingContainer] {
        snapshot.containers.filter { container in
            guard case .attached(let attachments) = container.record.network else { return false }
            return attachments.contains { $0.network == network }
        }
    }

    private mutating func planOrphans() {
        guard options.removesOrphans else { return }
        for orphan in snapshot.orphans(of: project.declaredServices) {
            planRemoval(of: orphan, because: .orphaned)
        }
    }

    @discardableResult
    private mutating func planRemoval(
        of container: ExistingContainer,
        because cause: Plan.Cause,
        after: [Int] = []
    ) -> Int {
        var before = after
        if container.needsStop {
            before = [plan.add(.stop(container.planName), because: cause, after: after)]
        }
        return plan.add(.remove(container.planName), because: cause, after: before)
    }
}

// Services.
extension UpPlanner {
    private mutating func plan(_ service: DesiredService) {
        var (current, superseded) = snapshot.containers(of: service.name)
        for container in superseded { planRemoval(of: container, because: .superseded) }
        let changes = Dictionary(
            uniqueKeysWithValues: current.map { ($0.id, change(of: $0, to: service)) }
        )
        while current.count > service.replicas {
            let index = surplusIndex(current) { (changes[$0.id] ?? nil) != nil }
            planRemoval(of: current.remove(at: index), because: .tooMany)
        }
        let gates = gates(of: service)
        for container in current {
            if let cause = changes[container.id] ?? nil {
                planReplacement(of: container, by: service, because: cause, gates)
            } else {
                planKeeping(container, service, gates)
            }
        }
        planMissing(service, count: service.replicas - current.count, gates)
    }

    private mutating func planReplacement(
        of old: ExistingContainer,
        by service: DesiredService,
        because cause: Plan.Cause,
        _ gates: [Int]
    ) {
        let new = planCreation(service, number: old.record.number, replacing: old, because: cause)
        var ready = [new.operation]
        if old.needsStop {
            let stop = plan.add(
                .stop(old.planName),
                because: cause,
                after: [new.operation] + (options.starts ? gates : [])
            )
            replacements[service.name, default: []].append(stop)
            ready = [stop]
        }
        let removal = plan.add(.remove(old.planName), because: cause, after: ready)
        planStart(of: new.container, service, because: cause, after: [removal] + gates)
    }

    private mutating func planKeeping(
        _ container: ExistingContainer,
        _ service: DesiredService,
        _ gates: [Int]
    ) {
        containers[service.name, default: []].append(container.planName)
        guard options.starts else { return }
        let networks = service.networks.compactMap { resources[$0] }
        let restarting = service.dependencies.first {
            $0.restarts && replacements[$0.service]?.isEmpty == false
        }
        // One that is being stopped, for a command that died, starts again once it has ended.
        guard container.isRunning, !container.isEnding else {
            planStart(
                of: container.planName,
                service,
                because: .notRunning,
                after: gates + networks
            )
            return
        }
        if let dependency = restarting?.service {
            planRestart(of: container, service, because: dependency, after: gates)
        } else if networks.isEmpty {
            plan.add(.keep(container.planName), because: .unchanged)
        } else {
            let cause = Plan.Cause.configurationChanged
            planStart(of: container.planName, service, because: cause, after: gates + networks)
        }
    }

    /// The dependent stops before its dependency does and starts after it.
    private mutating func planRestart(
        of container: ExistingContainer,
        _ service: DesiredService,
        because dependency: String,
        after gates: [Int]
    ) {
        let cause = Plan.Cause.dependencyReplaced(dependency)
        let stop = plan.add(.stop(container.planName), because: cause)
        for replacement in replacements[dependency] ?? [] {
            plan.make(replacement, waitFor: stop)
        }
        planStart(of: container.planName, service, because: cause, after: gates + [stop])
    }

    private mutating func planMissing(_ service: DesiredService, count: Int, _ gates: [Int]) {
        let existing = snapshot.containers(of: service.name).current
        let highest = existing.map(\.record.number).max() ?? 0
        for offset in 0..<max(0, count) {
            let new = planCreation(
                service,
                number: highest + 1 + offset,
                replacing: nil,
                because: .missing
            )
            planStart(
                of: new.container,
                service,
                because: .missing,
                after: [new.operation] + gates
            )
        }
    }

    private mutating func planCreation(
        _ service: DesiredService,
        number: Int,
        replacing old: ExistingContainer?,
        because cause: Plan.Cause
    ) -> (container: Plan.ContainerName, operation: Int) {
        let name = service.containerName ?? "\(project.name)-\(service.name)-\(number)"
        let container = Plan.ContainerName(id: makeID(), name: name)
        containers[service.name, default: []].append(container)
        let needed = (service.networks + service.volumes).compactMap { resources[$0] }
        let operation = plan.add(
            .createContainer(
                Plan.NewContainer(
                    container: container,
                    service: service.name,
                    number: number,
                    replaces: old?.id
                )
            ),
            because: cause,
            after: needed + service.mountsFrom.flatMap { creations[$0] ?? [] }
        )
        creations[service.name, default: []].append(operation)
        return (container, operation)
    }

    private mutating func planStart(
        of container: Plan.ContainerName,
        _ service: DesiredService,
        because cause: Plan.Cause,
        after: [Int]
    ) {
        guard options.starts else { return }
        let start = plan.add(.start(container), because: cause, after: after)
        starts[service.name, default: []].append(start)
    }

    /// Why an existing container no longer serves; nil when it does.
    private func change(
        of container: ExistingContainer,
        to service: DesiredService
    ) -> Plan.Cause? {
        let mode =
            service.isTargeted || options.recreatesDependencies
            ? options.recreation : .whenChanged
        switch mode {
        case .never: return nil
        case .always: return .requested
        case .whenChanged: return container.record.difference(from: service)
        }
    }

    /// Obsolete ones go first, then the highest number.
    private func surplusIndex(
        _ containers: [ExistingContainer],
        isObsolete: (ExistingContainer) -> Bool
    ) -> Int {
        containers.lastIndex(where: isObsolete) ?? containers.count - 1
    }
}

// The container of `run`.
extension UpPlanner {
    /// Made only once its dependencies are as it needs them, so that nothing is left if they fail.
    private mutating func planOneOff(of service: DesiredService) {
        let needed = (service.networks + service.volumes).compactMap { resources[$0] }
        let container = Plan.ContainerName(
            id: makeID(),
            name: service.containerName ?? "\(project.name)-\(service.name)-run"
        )
        let creation = plan.add(
            .createContainer(
                Plan.NewContainer(container: container, service: service.name, number: 0)
            ),
            because: .requested,
            after: needed + gates(of: service)
        )
        plan.add(.start(container), because: .requested, after: [creation])
    }
}

// Dependencies.
extension UpPlanner {
    /// The operations that must be over before a service's containers start.
    private mutating func gates(of service: DesiredService) -> [Int] {
        guard options.starts else { return [] }
        return service.dependencies.flatMap { dependency -> [Int] in
            switch dependency.condition {
            case .started: starts[dependency.service] ?? []
            case .healthy: planAwait(dependency, .healthy, for: service.name)
            case .completed: planAwait(dependency, .completed, for: service.name)
            }
        }
    }

    private mutating func planAwait(
        _ dependency: DesiredDependency,
        _ condition: Plan.Condition,
        for dependent: String
    ) -> [Int] {
        (containers[dependency.service] ?? []).map { container in
            let action = Plan.Action.await(
                container,
                condition,
                isRequired: dependency.isRequired
            )
            if let known = plan.operations.first(where: { $0.action == action }) {
                return known.id
            }
            return plan.add(
                action,
                because: .neededBy(dependent),
                after: starts[dependency.service] ?? []
            )
        }
    }

    private mutating func planWaiting() {
        for service in project.services {
            for container in containers[service.name] ?? [] {
                plan.add(
                    .await(container, .ready, isRequired: true),
                    because: .requested,
                    after: starts[service.name] ?? []
                )
            }
        }
    }
}
