import ComposeFile
import Notation

extension SwarmConverter {
    /// Returns the section `deploy`, to which limits and the restart policy belong in a stack.
    mutating func deployment(of service: Service) -> Node {
        let deploy = service.deploy ?? Deploy()
        var object = Object()
        object.set("mode", deploy.mode)
        let isGlobal = deploy.mode?.hasPrefix("global") == true
        if !isGlobal, service.scale != nil || deploy.replicas != nil {
            object.set("replicas", .integer(service.replicas))
        }
        object.set("endpoint_mode", deploy.endpointMode)
        object.set("labels", Node.texts(deploy.labels).ifNotEmpty)
        object.set("placement", placement(of: service, deploy).ifNotEmpty)
        object.set("resources", resources(of: service, deploy).ifNotEmpty)
        object.set("restart_policy", restartPolicy(of: service, deploy).ifNotEmpty)
        object.set("update_config", deploy.updateConfig.flatMap(update))
        object.set("rollback_config", deploy.rollbackConfig.flatMap(update))
        return .object(object)
    }

    private func placement(of service: Service, _ deploy: Deploy) -> Node {
        var object = Object()
        var constraints = deploy.placement.constraints
        if let platform = service.platform {
            // `linux/arm64/v8`: the nodes do not report a variant.
            let parts = platform.split(separator: "/")
            for (key, value) in zip(["node.platform.os", "node.platform.arch"], parts) {
                constraints.append(
                    "\(key) == \(Self.architectures[String(value)] ?? String(value))"
                )
            }
        }
        object.set("constraints", Node.texts(constraints).ifNotEmpty)
        let preferences = deploy.placement.preferences.compactMap(\.self).map { spread in
            ["spread": .text(spread)] as Node
        }
        object.set("preferences", Node.list(preferences).ifNotEmpty)
        let limit = deploy.placement.maxReplicasPerNode
        if limit > 0 { object.set("max_replicas_per_node", .integer(Int(clamping: limit))) }
        return .object(object)
    }

    /// The names under which nodes report architectures, where they differ from those of images.
    private static let architectures = ["amd64": "x86_64", "arm64": "aarch64"]

    private func resources(of service: Service, _ deploy: Deploy) -> Node {
        var limits = Object()
        let quota = service.cpuQuota.map { Float($0) / Float(service.cpuPeriod ?? 100_000) }
        let cpus = [service.cpus, deploy.limits?.cpus, quota].compactMap(\.self).first { $0 > 0 }
        limits.set("cpus", cpus.map { "\($0)" })
        let memory = service.memoryLimit ?? deploy.limits?.memory
        limits.set("memory", memory.flatMap(Self.bytes))
        let processes = [service.pidsLimit, deploy.limits?.pids].compactMap(\.self).first
        limits.set("pids", processes.flatMap { $0 > 0 ? .integer(Int($0)) : nil })
        var reservations = Object()
        reservations.set("cpus", deploy.reservations?.cpus.map { "\($0)" })
        let reserved = service.memoryReservation ?? deploy.reservations?.memory
        reservations.set("memory", reserved.flatMap(Self.bytes))
        let generic = deploy.reservations?.genericResources.compactMap(\.discrete) ?? []
        let kinds = generic.map { resource -> Node in
            [
                "discrete_resource_spec": [
                    "kind": .text(resource.kind), "value": .integer(Int(resource.value)),
                ]
            ]
        }
        reservations.set("generic_resources", Node.list(kinds).ifNotEmpty)
        var object = Object()
        object.set("limits", Node.object(limits).ifNotEmpty)
        object.set("reservations", Node.object(reservations).ifNotEmpty)
        return .object(object)
    }

    private static func bytes(_ count: ByteCount) -> String? {
        count.bytes > 0 ? "\(count.bytes)b" : nil
    }

    private func restartPolicy(of service: Service, _ deploy: Deploy) -> Node {
        var object = Object()
        if let policy = deploy.restartPolicy {
            object.set("condition", policy.condition)
            object.set("delay", policy.delay.map(Self.duration))
            object.set("max_attempts", policy.maxAttempts.map { .integer(Int(clamping: $0)) })
            object.set("window", policy.window.map(Self.duration))
            return .object(object)
        }
        switch service.restart {
        case .always, .unlessStopped: object.set("condition", "any")
        case .onFailure(let limit):
            object.set("condition", "on-failure")
            object.set("max_attempts", limit.map(Node.integer))
        case .no: object.set("condition", "none")
        case nil where isJob(service):
            object.set(
                "condition",
                "none",
                comment: "Other services wait for it to complete."
            )
        case nil: break
        }
        return .object(object)
    }

    private func isJob(_ service: Service) -> Bool {
        project.services.values.contains {
            $0.dependsOn[service.name]?.condition == .completedSuccessfully
        }
    }

    private func update(_ configuration: UpdateConfig) -> Node? {
        var object = Object()
        object.set(
            "parallelism",
            configuration.parallelism.map { .integer(Int(clamping: $0)) }
        )
        if configuration.delay > .zero { object.set("delay", Self.duration(configuration.delay)) }
        object.set("failure_action", configuration.failureAction)
        if configuration.monitor > .zero {
            object.set("monitor", Self.duration(configuration.monitor))
        }
        if configuration.maxFailureRatio > 0 {
            object.set("max_failure_ratio", .number("\(configuration.maxFailureRatio)"))
        }
        object.set("order", configuration.order?.rawValue)
        return Node.object(object).ifNotEmpty
    }
}
