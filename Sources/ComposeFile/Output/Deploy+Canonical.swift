extension Deploy: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.text("mode", mode)
        output.number("replicas", replicas)
        output.labels("labels", labels)
        output.object("update_config", updateConfig)
        output.object("rollback_config", rollbackConfig)
        var resources = Canonical(form)
        resources.object("limits", limits)
        resources.object("reservations", reservations)
        resources.extensions(resourcesExtensions)
        output.section("resources", resources)
        output.object("restart_policy", restartPolicy)
        output.section("placement", placement.output(form))
        output.text("endpoint_mode", endpointMode)
        output.extensions(extensions)
        return output.value
    }
}

extension UpdateConfig: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.number("parallelism", parallelism)
        output.duration("delay", delay == .zero ? nil : delay)
        output.text("failure_action", failureAction)
        output.duration("monitor", monitor == .zero ? nil : monitor)
        output.float("max_failure_ratio", maxFailureRatio == 0 ? nil : maxFailureRatio)
        output.word("order", order)
        output.extensions(extensions)
        return output.value
    }
}

extension Resources: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.float("cpus", cpus)
        output.bytes("memory", memory)
        output.number("pids", pids)
        output.objects("devices", devices)
        output.list("generic_resources", genericResources) { resource in
            var outer = Canonical(form)
            outer.set(
                "discrete_resource_spec",
                resource.discrete.map { counted in
                    var inner = Canonical(form)
                    inner.text("kind", counted.kind)
                    inner.number("value", counted.value)
                    return inner.value
                }
            )
            return outer.value
        }
        output.extensions(extensions)
        return output.value
    }
}

extension DeviceRequest: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.strings("capabilities", capabilities)
        output.text("driver", driver)
        output.number("count", count == 0 ? nil : count)
        output.strings("device_ids", ids)
        output.labels("options", options)
        return output.value
    }
}

extension DeployRestartPolicy: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.text("condition", condition)
        output.duration("delay", delay)
        output.number("max_attempts", maxAttempts)
        output.duration("window", window)
        output.extensions(extensions)
        return output.value
    }
}

extension Placement {
    fileprivate func output(_ form: Canonical.Form) -> Canonical {
        var output = Canonical(form)
        output.strings("constraints", constraints)
        output.list("preferences", preferences) { spread in
            var preference = Canonical(form)
            preference.text("spread", spread)
            return preference.value
        }
        output.number("max_replicas_per_node", maxReplicasPerNode == 0 ? nil : maxReplicasPerNode)
        output.extensions(extensions)
        return output
    }
}
