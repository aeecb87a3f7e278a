/// Dependencies and `--wait`.
extension UpPlanner {
    /// The operations that must succeed before a service's containers start.
    mutating func gates(of service: DesiredService) -> [Int] {
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

    /// Plans the waits of `--wait`.
    ///
    /// A service that others need to have completed has exited by then, or will.
    mutating func planWaiting() {
        let dependencies = project.services.flatMap(\.dependencies)
        let oneShots = Set(dependencies.filter { $0.condition == .completed }.map(\.service))
        for service in project.services {
            let condition: Plan.Condition = oneShots.contains(service.name) ? .completed : .ready
            for container in containers[service.name] ?? [] {
                plan.add(
                    .await(container, condition, isRequired: true),
                    because: .requested,
                    after: starts[service.name] ?? []
                )
            }
        }
    }
}
