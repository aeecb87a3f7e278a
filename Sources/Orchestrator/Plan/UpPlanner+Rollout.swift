/// Rolling updates: `up --rolling`.
extension UpPlanner {
    /// Whether a container is replaced by a rolling update.
    ///
    /// A container that does not run serves no one, and one that others wait for to complete is not
    /// to serve at all.
    func isRolled(_ container: ExistingContainer, of service: DesiredService) -> Bool {
        guard options.rolls, options.starts, container.isRunning, !container.isStopping else {
            return false
        }
        return !project.services.flatMap(\.dependencies).contains {
            $0.service == service.name && $0.condition == .completed
        }
    }

    /// Plans the replacement of running containers, a few at a time.
    mutating func planRollout(
        of changed: [(container: ExistingContainer, cause: Plan.Cause)],
        _ service: DesiredService,
        after gates: [Int]
    ) {
        guard let cause = changed.first?.cause else { return }
        let outdated = changed.flatMap { container, cause in
            snapshot.initContainers(of: service.name, replica: container.record.number)
                .map { ($0, cause) }
        }
        let removals = outdated.map { planRemoval(of: $0, because: $1) }
        let steps = changed.map { step(from: $0.container, to: service, because: $0.cause) }
        let rollout = Rollout(
            service: service.name,
            steps: steps,
            update: service.update,
            rollback: service.rollback
        )
        containers[service.name, default: []] += steps.map(\.new)
        let needed = (service.networks + service.volumes).compactMap { resources[$0] }
        let operation = plan.add(
            .roll(rollout),
            because: cause,
            after: gates + needed + removals + service.lenders.flatMap { creations[$0] ?? [] }
        )
        creations[service.name, default: []].append(operation)
        starts[service.name, default: []].append(operation)
        replacements[service.name, default: []].append(operation)
    }

    private func step(
        from old: ExistingContainer,
        to service: DesiredService,
        because cause: Plan.Cause
    ) -> Rollout.Step {
        let number = old.record.number
        let name = service.containerName ?? project.defaultName(service.name, String(number))
        let new = Plan.ContainerName(id: makeID(), name: name)
        let creation = Plan.NewContainer(
            container: new,
            service: service.name,
            number: number,
            replaces: old.id
        )
        let inits = initSteps(of: service, for: new, number: number)
        let runs = inits.map { step in
            Plan.Action.initialize(
                step.container,
                service: service.name,
                step: step.initStep?.index ?? 0
            )
        }
        let startsFirst = service.update.startsFirst && old.canRunBesideAnother
        let (old, monitor) = (old.planName, service.update.monitor)
        return Rollout.Step(
            old: old,
            new: new,
            creation: Plan(
                ([creation] + inits).map(Plan.Action.createContainer),
                because: cause
            ),
            update: Plan(
                startsFirst
                    ? runs + Self.exchange(old, for: new, monitor)
                    : [.stop(old)] + runs
                        + Self.succession(of: new, monitor),
                because: cause
            ),
            reversion: Plan(
                startsFirst
                    ? [.promote(old, over: new), .stop(new), .remove(new)]
                    : [.stop(new), .start(old), .remove(new)],
                because: .updateFailed
            ),
            rollback: Plan(
                (service.rollback.startsFirst && startsFirst
                    ? Self.exchange(new, for: old, service.rollback.monitor)
                    : [.stop(new)] + Self.succession(of: old, service.rollback.monitor))
                    + [.remove(new)],
                because: .updateFailed
            ),
            completion: Plan([.remove(old)], because: cause)
        )
    }

    /// Starts a container beside another one, which stops once the first has taken over.
    private static func exchange(
        _ old: Plan.ContainerName,
        for new: Plan.ContainerName,
        _ monitor: Duration
    ) -> [Plan.Action] {
        [
            .startStandby(new), .await(new, .ready, isRequired: true), .promote(new, over: old),
        ] + watch(new, monitor) + [.drain(old), .stop(old)]
    }

    /// Starts a container after another one has stopped.
    private static func succession(
        of new: Plan.ContainerName,
        _ monitor: Duration
    ) -> [Plan.Action] {
        [.start(new), .await(new, .ready, isRequired: true)] + watch(new, monitor)
    }

    private static func watch(
        _ container: Plan.ContainerName,
        _ time: Duration
    ) -> [Plan.Action] {
        time > .zero ? [.monitor(container, time)] : []
    }

    /// The init containers of a new container.
    private func initSteps(
        of service: DesiredService,
        for container: Plan.ContainerName,
        number: Int
    ) -> [Plan.NewContainer] {
        let first = snapshot.containers(of: service.name).current.map(\.record.number).min() ?? 1
        return service.initSteps.enumerated().filter { $1.isPerReplica || number == first }
            .map { index, step in
                Plan.NewContainer(
                    container: Plan.ContainerName(
                        id: makeID(),
                        name: initName(service, number, index: index, step)
                    ),
                    service: service.name,
                    number: number,
                    initStep: Plan.InitStep(index: index, container: container)
                )
            }
    }
}

extension Plan {
    /// Performs actions one after the other.
    init(_ actions: [Action], because cause: Cause) {
        self.init()
        for action in actions {
            let last = operations.indices.last
            add(action, because: cause, after: last.map { [$0] } ?? [])
        }
    }
}

extension ExistingContainer {
    /// Whether a second container of its service can run at the same time.
    ///
    /// On the host's network, or on that of another container, both would use the same ports.
    var canRunBesideAnother: Bool {
        switch record.network {
        case .attached(let attachments):
            attachments.allSatisfy { attachment in
                attachment.ipv4Address == nil && attachment.ipv6Address == nil
                    && attachment.macAddress == nil
            }
        case .none: true
        case .host, .container: false
        }
    }
}
