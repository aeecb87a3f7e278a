import ComposeFile

extension KubernetesConverter {
    /// The template of a service's pods.
    mutating func template(
        _ pod: inout PodDesign,
        _ environment: EnvironmentDesign
    ) throws(ConversionError) -> Node {
        try addMounts(to: &pod)
        let container = container(pod, environment)
        let initContainers = waitingContainers(pod) + preStartContainers(pod, environment)
        var metadata = Object()
        var labels: [String: String] = [:]
        for network in attachedNetworks(of: pod.service) { labels[networkLabel(network)] = "true" }
        guard case .object(var podLabels) = self.labels(pod.service) else { return [:] }
        for key in labels.keys.sorted() { podLabels.set(key, "true" as Node) }
        metadata.set("labels", .object(podLabels))
        let texts = pod.service.labels.merging(pod.service.annotations) { $1 }
        metadata.set("annotations", annotations(texts, from: pod.path("labels")).ifNotEmpty)
        var specification = Object()
        addIdentity(of: pod, to: &specification)
        addNamespaces(of: pod, to: &specification)
        addPlacement(of: pod, to: &specification)
        specification.set("securityContext", podSecurity(pod))
        if !initContainers.isEmpty { specification.set("initContainers", .list(initContainers)) }
        specification.set("containers", [container])
        specification.set("volumes", Node.list(pod.volumes).ifNotEmpty)
        return ["metadata": .object(metadata), "spec": .object(specification)]
    }

    private mutating func addIdentity(of pod: PodDesign, to specification: inout Object) {
        if waitsForJobs(pod.service) {
            specification.set(
                "serviceAccountName",
                waitingName,
                comment: "Allows the init containers to wait for Jobs."
            )
        } else {
            specification.set("automountServiceAccountToken", false)
        }
        specification.set(
            "enableServiceLinks",
            false,
            comment: "Without variables such as WEB_PORT, which Compose does not set either."
        )
        specification.set("restartPolicy", pod.restartPolicy)
        if let grace = pod.service.stopGracePeriod {
            specification.set("terminationGracePeriodSeconds", .integer(grace.wholeSeconds))
        }
        addHostname(of: pod, to: &specification)
        addResolver(of: pod, to: &specification)
    }

    private mutating func addHostname(of pod: PodDesign, to specification: inout Object) {
        guard let hostname = pod.service.hostname else { return }
        if ResourceName.isValid(hostname) {
            specification.set("hostname", hostname)
        } else {
            let label = ResourceName.label(hostname)
            specification.set("hostname", label)
            notes.approximate(pod.path("hostname"), "'\(label)', the nearest valid name")
        }
    }

    private mutating func addResolver(of pod: PodDesign, to specification: inout Object) {
        let service = pod.service
        var aliases: [String: [String]] = [:]
        for (name, addresses) in service.extraHosts.sorted(by: { $0.key < $1.key }) {
            for address in addresses {
                guard address != "host-gateway" else {
                    notes.approximate(
                        pod.path("extra_hosts"),
                        "without '\(name)': a node has no address of that kind; "
                            + "name the server's own address"
                    )
                    continue
                }
                aliases[address, default: []].append(name)
            }
        }
        let lines = aliases.sorted { $0.key < $1.key }.map { address, names -> Node in
            ["ip": .text(address), "hostnames": .texts(names)]
        }
        specification.set("hostAliases", Node.list(lines).ifNotEmpty)
        var resolver = Object()
        if service.dns.count > 3 {
            notes.approximate(pod.path("dns"), "the first three servers, which is the maximum")
        }
        resolver.set("nameservers", Node.texts(Array(service.dns.prefix(3))).ifNotEmpty)
        resolver.set("searches", Node.texts(service.dnsSearch).ifNotEmpty)
        let options = service.dnsOptions.map { option -> Node in
            let parts = option.split(separator: ":", maxSplits: 1).map(String.init)
            var entry = Object()
            entry.set("name", parts[0])
            if parts.count > 1 { entry.set("value", parts[1]) }
            return .object(entry)
        }
        resolver.set("options", Node.list(options).ifNotEmpty)
        specification.set("dnsConfig", Node.object(resolver).ifNotEmpty)
    }

    private mutating func addNamespaces(of pod: PodDesign, to specification: inout Object) {
        let service = pod.service
        switch service.networkMode {
        case .host?:
            specification.set("hostNetwork", true)
            specification.set("dnsPolicy", "ClusterFirstWithHostNet")
        case nil, .none?, .bridge?: break
        case .some(.service), .some(.container), .some(.network):
            notes.miss(
                pod.path("network_mode"),
                "separate pods have separate networks; put both containers in one pod by an overlay"
            )
        }
        if service.pid == .host { specification.set("hostPID", true) }
        if service.ipc == .host { specification.set("hostIPC", true) }
        if let pid = service.pid, pid != .host {
            notes.miss(pod.path("pid"), "put both containers in one pod by an overlay")
        }
        if let ipc = service.ipc, ipc != .host {
            notes.miss(pod.path("ipc"), "put both containers in one pod by an overlay")
        }
        // The pause container of a shared PID namespace reaps orphaned processes.
        if service.usesInit == true, service.pid != .host {
            specification.set("shareProcessNamespace", true)
        }
    }
}
