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

    mutating func planWaiting() {
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
