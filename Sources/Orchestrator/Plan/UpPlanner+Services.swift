/// Services.
extension UpPlanner {
    mutating func plan(_ service: DesiredService) {
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
        var rolled: [(container: ExistingContainer, cause: Plan.Cause)] = []
        for container in current {
            if let cause = changes[container.id] ?? nil {
                if isRolled(container, of: service) {
                    rolled.append((container, cause))
                    continue
                }
                planReplacement(of: container, by: service, because: cause, gates)
            } else {
                planKeeping(container, service, gates)
            }
        }
        planRollout(of: rolled, service, after: gates)
        planMissing(service, count: service.replicas - current.count, gates)
    }

    mutating func planReplacement(
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
        planStart(
            of: new.container,
            service,
            number: old.record.number,
            because: cause,
            after: [removal] + gates
        )
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
        // A killed command may have left it stopping: it is started again once it has exited.
        guard container.isRunning, !container.isStopping else {
            planStart(
                of: container.planName,
                service,
                number: container.record.number,
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
            planStart(
                of: container.planName,
                service,
                number: container.record.number,
                because: cause,
                after: gates + networks
            )
        }
    }

    /// Stops the dependent before its dependency stops and starts it after that has started.
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
        planStart(
            of: container.planName,
            service,
            number: container.record.number,
            because: cause,
            after: gates + [stop]
        )
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
                number: highest + 1 + offset,
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
        let name = service.containerName ?? project.defaultName(service.name, String(number))
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
            after: needed + service.lenders.flatMap { creations[$0] ?? [] }
        )
        creations[service.name, default: []].append(operation)
        planInitContainers(
            of: service,
            for: container,
            number: number,
            after: operation,
            because: cause
        )
        return (container, operation)
    }

    private mutating func planStart(
        of container: Plan.ContainerName,
        _ service: DesiredService,
        number: Int,
        because cause: Plan.Cause,
        after: [Int]
    ) {
        guard options.starts else { return }
        let prepared = planInitialization(of: container, service, number: number, after: after)
        let start = plan.add(.start(container), because: cause, after: after + prepared)
        starts[service.name, default: []].append(start)
    }

    /// Why an existing container must be recreated; nil if it need not be.
    private func change(
        of container: ExistingContainer,
        to service: DesiredService
    ) -> Plan.Cause? {
        switch service.isTargeted ? options.recreation : options.recreationOfDependencies {
        case .never: return nil
        case .always: return .requested
        case .whenChanged:
            return container.record.difference(from: service) ?? lenderChange(container, service)
        }
    }

    /// Whether a container borrows from one that is recreated, or has been since.
    ///
    /// Lenders are dependencies, so they have been planned already.
    private func lenderChange(
        _ container: ExistingContainer,
        _ service: DesiredService
    ) -> Plan.Cause? {
        let changed = service.lenders.first { lender in
            guard let current = containers[lender]?.first?.id else { return false }
            if let known = container.record.lenders?[lender] { return known != current }
            // An older record does not name them.
            return !snapshot.containers.contains { $0.id == current }
        }
        return changed.map { .dependencyReplaced($0) }
    }

    /// The replica to remove first: an outdated one, else the one with the highest number.
    private func surplusIndex(
        _ containers: [ExistingContainer],
        isOutdated: (ExistingContainer) -> Bool
    ) -> Int {
        containers.lastIndex(where: isOutdated) ?? containers.count - 1
    }
}

/// The container of `run`.
extension UpPlanner {
    /// Creates the container only after its dependencies meet their conditions, so that nothing is
    /// left behind if they fail.
    mutating func planOneOff(of service: DesiredService) {
        let needed = (service.networks + service.volumes).compactMap { resources[$0] }
        let container = Plan.ContainerName(
            id: makeID(),
            name: service.containerName ?? project.defaultName(service.name, "run")
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
