extension Snapshot {
    /// The replicas of a service by number, and containers superseded by a replica with the same
    /// number: older ones, and those that an interrupted rolling update has left without names.
    func containers(
        of service: String
    ) -> (current: [ExistingContainer], superseded: [ExistingContainer]) {
        let mine = containers.filter { $0.record.service == service && !$0.record.isOneOff }
        var newest: [Int: ExistingContainer] = [:]
        var superseded: [ExistingContainer] = []
        for container in mine.sorted(by: { $0.record.created < $1.record.created }) {
            if container.state.isStandby == true {
                superseded.append(container)
                continue
            }
            if let older = newest.updateValue(container, forKey: container.record.number) {
                superseded.append(older)
            }
        }
        return (newest.values.sorted { $0.record.number < $1.record.number }, superseded)
    }

    /// The init containers that prepare a replica of a service and have not succeeded yet, in order.
    func initContainers(of service: String, replica: Int) -> [ExistingContainer] {
        containers.filter { container in
            container.record.service == service && container.record.initStep?.replica == replica
        }
        .sorted { ($0.record.initStep?.index ?? 0) < ($1.record.initStep?.index ?? 0) }
    }

    /// Containers of services other than `services`, and exited containers of `run` that are not
    /// removed automatically.
    public func orphans(of services: Set<String>) -> [ExistingContainer] {
        containers.filter { container in
            container.record.isOneOff && container.record.initStep == nil
                ? container.hasEnded && !container.record.removesItself
                : !services.contains(container.record.service)
        }
    }
}

extension ContainerRecord {
    /// Why a container with this record does not match `service`; nil if it does.
    func difference(from service: DesiredService) -> Plan.Cause? {
        if labels[ComposeLabel.configHash] != service.configHash { return .configurationChanged }
        if imageID != service.imageID { return .imageChanged }
        if case .attached(let attachments) = network {
            let names = Set(attachments.map(\.network))
            if let lost = service.networks.first(where: { !names.contains($0) }) {
                return .networkLost(lost)
            }
        }
        let mounted = Set(volumes.map(\.name))
        return service.volumes.first { !mounted.contains($0) }.map { .volumeLost($0) }
    }
}
