/// Init containers.
extension UpPlanner {
    /// An init container that the plan creates.
    struct InitContainer {
        var container: Plan.ContainerName
        var index: Int
        var creation: Int
    }

    /// Plans the init containers of a new container; those of the one it replaces are removed.
    ///
    /// Steps that are not for each replica belong to the service's first one.
    mutating func planInitContainers(
        of service: DesiredService,
        for container: Plan.ContainerName,
        number: Int,
        after creation: Int,
        because cause: Plan.Cause
    ) {
        for old in snapshot.initContainers(of: service.name, replica: number) {
            planRemoval(of: old, because: cause)
        }
        let first = snapshot.containers(of: service.name).current.map(\.record.number).min() ?? 1
        for (index, step) in service.initSteps.enumerated()
        where step.isPerReplica || number == first {
            let name = initName(service, number, index: index, step)
            let new = Plan.ContainerName(id: makeID(), name: name)
            let operation = plan.add(
                .createContainer(
                    Plan.NewContainer(
                        container: new,
                        service: service.name,
                        number: number,
                        initStep: Plan.InitStep(index: index, container: container)
                    )
                ),
                because: cause,
                after: [creation]
            )
            initContainers[container.id, default: []].append(
                InitContainer(container: new, index: index, creation: operation)
            )
        }
    }

    /// The name of the container of a step.
    func initName(
        _ service: DesiredService,
        _ number: Int,
        index: Int,
        _ step: DesiredInitStep
    ) -> String {
        let parts = (step.isPerReplica ? [String(number)] : []) + ["pre_start", String(index)]
        return project.defaultName(
            service.name,
            parts.joined(separator: project.nameSeparator)
        )
    }

    /// Plans the runs of a container's init containers, one after the other; returns what the
    /// container's own start waits for.
    mutating func planInitialization(
        of container: Plan.ContainerName,
        _ service: DesiredService,
        number: Int,
        after gates: [Int]
    ) -> [Int] {
        var last = initGates[service.name]
        let new = initContainers[container.id] ?? []
        for step in new {
            last = plan.add(
                .initialize(step.container, service: service.name, step: step.index),
                because: .neededBy(service.name),
                after: gates + [step.creation] + (last.map { [$0] } ?? [])
            )
        }
        if new.isEmpty {
            last = planPending(of: service, number: number, after: gates, last)
        }
        if initGates[service.name] == nil { initGates[service.name] = last }
        return last.map { [$0] } ?? []
    }

    /// Plans the steps that have failed, or have not been run, before an earlier start.
    private mutating func planPending(
        of service: DesiredService,
        number: Int,
        after gates: [Int],
        _ first: Int?
    ) -> Int? {
        var last = first
        for old in snapshot.initContainers(of: service.name, replica: number) {
            let after = gates + (last.map { [$0] } ?? [])
            guard let step = old.pendingStep else {
                planRemoval(of: old, because: .neededBy(service.name), after: after)
                continue
            }
            last = plan.add(
                .initialize(old.planName, service: service.name, step: step),
                because: .neededBy(service.name),
                after: after
            )
        }
        return last
    }
}

extension ExistingContainer {
    /// The step of `pre_start` that it has still to complete; nil once it has succeeded.
    var pendingStep: Int? { hasEnded && state.exitCode == 0 ? nil : record.initStep?.index }
}
