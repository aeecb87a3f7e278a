import ComposeFile

/// The kind of object that runs a service's containers.
enum WorkloadKind: String {
    case deployment = "Deployment"
    case statefulSet = "StatefulSet"
    case daemonSet = "DaemonSet"
    case job = "Job"
}

extension KubernetesConverter {
    /// The objects of a service: public ones, and the Secret of its environment.
    mutating func documents(
        of service: Service
    ) throws(ConversionError) -> (documents: [Node], secrets: [Node]) {
        let settings = try ServiceSettings(service)
        let kind = kind(of: service, settings)
        var pod = PodDesign(service: service, settings: settings, kind: kind)
        let environment = environment(of: service)
        let template = try template(&pod, environment)
        let workload = workload(pod, template)
        var documents = [workload]
        documents += environment.configMap.map { [$0] } ?? []
        documents += services(pod)
        documents += ingress(pod)
        documents += autoscaler(pod)
        documents += servicePolicies(service)
        return (documents, environment.secret.map { [$0] } ?? [])
    }

    private mutating func kind(of service: Service, _ settings: ServiceSettings) -> WorkloadKind {
        if let kind = settings.kind.flatMap(WorkloadKind.init) { return kind }
        let mode = ["services", service.name, "deploy", "mode"]
        switch service.deploy?.mode {
        case "global": return .daemonSet
        case "replicated-job": return .job
        case "global-job":
            notes.approximate(mode, "a Job that runs once, not once on each node")
            return .job
        default: break
        }
        if isWaitedFor(service) || isOneShot(service) { return .job }
        let hasNamedVolume = service.volumes.contains { mount in
            mount.kind == .volume && mount.source != nil && !mount.readOnly
        }
        return hasNamedVolume && service.replicas <= 1 && settings.autoscaling == nil
            ? .statefulSet : .deployment
    }

    /// Whether another service waits for the service to complete.
    private func isWaitedFor(_ service: Service) -> Bool {
        project.services.values.contains {
            $0.dependsOn[service.name]?.condition == .completedSuccessfully
        }
    }

    /// Whether the service is not restarted after success and offers nothing to others.
    private func isOneShot(_ service: Service) -> Bool {
        let ends: Bool =
            switch service.restart {
            case .no?, .onFailure?: true
            default: ["none", "on-failure"].contains(service.deploy?.restartPolicy?.condition)
            }
        return ends && service.ports.isEmpty && service.expose.isEmpty
            && service.healthCheck?.probe == nil
    }

    private mutating func workload(_ pod: PodDesign, _ template: Node) -> Node {
        let service = pod.service
        let deployLabels = annotations(
            service.deploy?.labels ?? [:],
            from: ["services", service.name, "deploy", "labels"]
        )
        var workload = object(
            pod.kind == .job ? "batch/v1" : "apps/v1",
            pod.kind.rawValue,
            names[service.name] ?? service.name,
            labels: labels(service),
            annotations: deployLabels
        )
        var specification = Object()
        if pod.kind == .job {
            setCompletion(of: pod, in: &specification)
        } else {
            if pod.kind == .statefulSet {
                specification.set("serviceName", names[service.name])
            }
            if pod.kind != .daemonSet, pod.settings.autoscaling == nil {
                specification.set("replicas", .integer(service.replicas))
            }
            specification.set("selector", ["matchLabels": selector(service)])
            setUpdate(of: pod, in: &specification)
            reportRestart(of: service)
        }
        specification.set("template", template)
        workload.set("spec", .object(specification))
        return .object(workload)
    }

    private func setCompletion(of pod: PodDesign, in specification: inout Object) {
        if pod.service.replicas > 1 {
            specification.set("completions", .integer(pod.service.replicas))
            specification.set("parallelism", .integer(pod.service.replicas))
        }
        specification.set("backoffLimit", .integer(pod.retries))
    }

    /// Reports a restart policy that the workload cannot have.
    private mutating func reportRestart(of service: Service) {
        let path = ["services", service.name]
        let manner =
            "restarted always, which is the only policy of a lasting workload; "
            + "set 'x-kubernetes.kind: Job' for a program that ends"
        switch service.restart {
        case .no?, .onFailure?: notes.approximate(path + ["restart"], manner)
        default: break
        }
        if let condition = service.deploy?.restartPolicy?.condition, condition != "any" {
            notes.approximate(path + ["deploy", "restart_policy", "condition"], manner)
        }
        if service.deploy?.restartPolicy?.maxAttempts != nil {
            notes.miss(
                path + ["deploy", "restart_policy", "max_attempts"],
                "restarts are unlimited with an increasing delay"
            )
        }
    }

    private mutating func setUpdate(of pod: PodDesign, in specification: inout Object) {
        guard let update = pod.service.deploy?.updateConfig else { return }
        let path = ["services", pod.service.name, "deploy", "update_config"]
        let count: Node =
            update.parallelism == 0 ? "100%" : .integer(Int(clamping: update.parallelism ?? 1))
        let startsFirst = update.order == .startFirst
        let pause = max(update.delay, update.monitor).wholeSeconds
        if pause > 0 { specification.set("minReadySeconds", .integer(pause)) }
        switch pod.kind {
        case .deployment, .daemonSet:
            let key = pod.kind == .deployment ? "strategy" : "updateStrategy"
            let rolling: Node = [
                "maxSurge": startsFirst ? count : 0, "maxUnavailable": startsFirst ? 0 : count,
            ]
            specification.set(key, ["type": "RollingUpdate", "rollingUpdate": rolling])
        default:
            specification.set("updateStrategy", ["type": "RollingUpdate"])
            for key in ["parallelism", "order"] {
                notes.approximate(
                    path + [key],
                    "a StatefulSet replaces its pods one by one, stopping first"
                )
            }
        }
    }
}

extension Duration {
    /// The seconds, rounded up.
    var wholeSeconds: Int {
        let (seconds, attoseconds) = components
        return Int(clamping: seconds) + (attoseconds > 0 ? 1 : 0)
    }
}
