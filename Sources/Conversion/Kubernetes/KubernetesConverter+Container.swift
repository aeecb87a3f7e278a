import ComposeFile
import Notation

extension KubernetesConverter {
    /// The container of a service's pods.
    mutating func container(_ pod: PodDesign, _ environment: EnvironmentDesign) -> Node {
        let service = pod.service
        var container = Object()
        container.set("name", names[service.name])
        setImage(of: service, in: &container)
        addCommand(of: pod, to: &container)
        container.set("workingDir", service.workingDirectory)
        let ports = containerPorts(service).map { port -> Node in
            [
                "containerPort": .integer(port.number),
                "protocol": .text(port.transport),
            ]
        }
        container.set("ports", Node.list(ports).ifNotEmpty)
        addEnvironment(environment, to: &container)
        container.set("resources", resources(pod))
        addProbes(of: pod, to: &container)
        container.set("lifecycle", lifecycle(pod))
        container.set("securityContext", containerSecurity(pod))
        if service.stdinOpen { container.set("stdin", true) }
        if service.tty { container.set("tty", true) }
        container.set("volumeMounts", Node.list(pod.mounts).ifNotEmpty)
        return .object(container)
    }

    /// Sets the image and the rule for pulling it.
    func setImage(of service: Service, in container: inout Object) {
        let name = service.image ?? project.defaultName(service.name)
        let comment =
            service.build == nil ? nil : "Built from the Compose file: push it to a registry first."
        container.set("image", name, comment: comment)
        let policy: String? =
            switch service.pullPolicy {
            case .always?, .daily?, .weekly?, .every?, .refresh?: "Always"
            case .never?: "Never"
            case .missing?, .ifNotPresent?: "IfNotPresent"
            case .build?, nil: nil
            }
        container.set("imagePullPolicy", policy)
    }

    private mutating func addCommand(of pod: PodDesign, to container: inout Object) {
        let service = pod.service
        let remedy = "an empty list keeps the image's; set the command explicitly"
        if let entrypoint = service.entrypoint {
            if entrypoint.isEmpty { notes.miss(pod.path("entrypoint"), remedy) }
            container.set("command", words(entrypoint))
        }
        if let command = service.command {
            if command.isEmpty { notes.miss(pod.path("command"), remedy) }
            container.set("args", words(command))
        }
    }

    func words(_ words: [String]) -> Node? {
        Node.texts(words.map(EnvironmentDesign.escaped)).ifNotEmpty
    }

    private mutating func resources(_ pod: PodDesign) -> Node? {
        let service = pod.service
        var limits = Object()
        var requests = Object()
        let cpus = service.deploy?.limits?.cpus ?? service.cpus ?? quota(of: service)
        let memory = service.deploy?.limits?.memory ?? service.memoryLimit
        limits.set("cpu", cpus.flatMap(Self.cores))
        limits.set("memory", memory.flatMap { Self.quantity($0.bytes) })
        let reserved = service.deploy?.reservations
        requests.set("cpu", reserved?.cpus.flatMap(Self.cores))
        let reservedMemory = reserved?.memory ?? service.memoryReservation
        requests.set("memory", reservedMemory.flatMap { Self.quantity($0.bytes) })
        addGPUs(of: pod, to: &limits)
        var resources = Object()
        resources.set("limits", Node.object(limits).ifNotEmpty)
        resources.set("requests", Node.object(requests).ifNotEmpty)
        return Node.object(resources).ifNotEmpty
    }

    /// The CPUs that a bandwidth limit allows.
    private func quota(of service: Service) -> Float? {
        guard let quota = service.cpuQuota, quota > 0 else { return nil }
        return Float(quota) / Float(service.cpuPeriod ?? 100_000)
    }

    private mutating func addGPUs(of pod: PodDesign, to limits: inout Object) {
        let reserved = pod.service.deploy?.reservations?.devices ?? []
        for request in pod.service.gpus + reserved {
            guard request.capabilities.contains("gpu") || request.capabilities.isEmpty else {
                continue
            }
            let driver = request.driver == "amd" ? "amd.com/gpu" : "nvidia.com/gpu"
            guard limits[driver] == nil else { continue }
            let count = request.count > 0 ? Int(request.count) : max(1, request.ids.count)
            limits.set(driver, .integer(count), comment: "Needs the device plugin of the GPUs.")
        }
    }

    /// A number of CPUs in thousandths; nil for no limit.
    static func cores(_ cpus: Float) -> String? {
        let thousandths = (Double(cpus) * 1000).rounded()
        guard thousandths >= 1, thousandths < 1e9 else { return nil }
        let number = Int(thousandths)
        return number % 1000 == 0 ? String(number / 1000) : "\(number)m"
    }

    /// A quantity with the largest binary unit that divides it; nil for no limit.
    static func quantity(_ bytes: Int64) -> String? {
        guard bytes > 0 else { return nil }
        for (unit, scale) in [("Gi", Int64(1) << 30), ("Mi", 1 << 20), ("Ki", 1 << 10)]
        where bytes % scale == 0 {
            return "\(bytes / scale)\(unit)"
        }
        return String(bytes)
    }
}
