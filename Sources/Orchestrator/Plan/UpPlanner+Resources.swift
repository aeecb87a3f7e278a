/// Networks, volumes and orphans.
extension UpPlanner {
    mutating func planResources() throws(OrchestratorError) {
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
        where options.recreatedVolumes.contains(volume) {
            planReplacement(ofVolume: volume)
        }
    }

    /// Removes the containers that mount a volume, then recreates it; new containers follow.
    mutating func planReplacement(ofVolume volume: String) {
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

    /// Stops the attached containers, which are started again later, and recreates the network.
    mutating func planReplacement(of network: DesiredResource) {
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

    mutating func planOrphans() {
        guard options.removesOrphans else { return }
        for orphan in snapshot.orphans(of: project.declaredServices) {
            planRemoval(of: orphan, because: .orphaned)
        }
    }

    @discardableResult
    mutating func planRemoval(
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
