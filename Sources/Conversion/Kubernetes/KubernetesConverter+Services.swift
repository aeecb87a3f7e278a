import ComposeFile

/// A port of a container.
struct ContainerPort: Hashable {
    var number: Int
    /// `TCP`, `UDP` or `SCTP`.
    var transport: String

    /// The name of the port in a Service.
    var name: String { "\(transport.lowercased())-\(number)" }
}

extension ContainerPort {
    /// The port in the container of a port of the Compose file.
    init(_ port: Port) {
        self.init(number: port.target, transport: (port.protocol ?? "tcp").uppercased())
    }
}

extension KubernetesConverter {
    /// The ports that a service offers, published or exposed.
    func containerPorts(_ service: Service) -> [ContainerPort] {
        let published = service.ports.map { ContainerPort($0) }
        let exposed = service.expose.flatMap { text -> [ContainerPort] in
            let parts = text.split(separator: "/")
            let bounds = parts.first?.split(separator: "-").compactMap { Int($0) } ?? []
            guard let first = bounds.first, let last = bounds.last, first <= last else { return [] }
            let transport = parts.count > 1 ? parts[1].uppercased() : "TCP"
            return (first...last).map { ContainerPort(number: $0, transport: transport) }
        }
        let known = Set(["TCP", "UDP", "SCTP"])
        return Set(published + exposed)
            .filter { known.contains($0.transport) && (1...65535).contains($0.number) }
            .sorted { ($0.number, $0.transport) < ($1.number, $1.transport) }
    }

    /// The Services of a service: its name, its aliases, and its published ports.
    mutating func services(_ pod: PodDesign) -> [Node] {
        guard pod.kind != .job || !containerPorts(pod.service).isEmpty else { return [] }
        let name = names[pod.service.name] ?? pod.service.name
        var documents = [nameService(pod.service, name)]
        for alias in aliases(of: pod.service) {
            documents.append(nameService(pod.service, alias))
        }
        documents += publishedService(pod, name)
        return documents
    }

    private func nameService(_ service: Service, _ name: String) -> Node {
        let ports = containerPorts(service).map { port -> Node in
            let declared = service.ports.first { ContainerPort($0) == port }
            var entry = Object()
            entry.set("name", declared?.name.map(ResourceName.label) ?? port.name)
            entry.set("port", .integer(port.number))
            entry.set("targetPort", .integer(port.number))
            entry.set("protocol", port.transport)
            entry.set("appProtocol", declared?.appProtocol)
            return .object(entry)
        }
        var specification = Object()
        let isHeadless = ports.isEmpty || service.deploy?.endpointMode == "dnsrr"
        if isHeadless {
            let reason = ports.isEmpty ? "No port is declared: the" : "The"
            specification.set(
                "clusterIP",
                "None",
                comment: "\(reason) name resolves to the pods, with all of their ports."
            )
        }
        specification.set("selector", selector(service))
        specification.set("ports", Node.list(ports).ifNotEmpty)
        var object = object("v1", "Service", name, labels: labels(service))
        object.set("spec", .object(specification))
        return .object(object)
    }

    /// The other names of a service; reports those that a Service cannot have.
    private mutating func aliases(of service: Service) -> [String] {
        var candidates: [(name: String, path: [String])] = []
        let path = ["services", service.name]
        for (network, attachment) in service.networks.sorted(by: { $0.key < $1.key }) {
            for alias in attachment.aliases {
                candidates.append((alias, path + ["networks", network, "aliases"]))
            }
        }
        if let name = service.containerName {
            candidates.append((name, path + ["container_name"]))
        }
        let linking = project.services.values.filter { !$0.links.isEmpty }
        for other in linking.sorted(by: { $0.name < $1.name }) {
            for link in other.links {
                let parts = link.split(separator: ":").map(String.init)
                guard parts.count == 2, parts[0] == service.name else { continue }
                candidates.append((parts[1], ["services", other.name, "links"]))
            }
        }
        var taken = Set(names.values)
        var aliases: [String] = []
        for (name, path) in candidates where name != service.name && !aliases.contains(name) {
            if ResourceName.isValid(name), taken.insert(name).inserted {
                aliases.append(name)
            } else {
                notes.miss(path, "'\(name)' is taken or not a valid name; use the service's name")
            }
        }
        return aliases
    }

    /// The Service of the ports that are published beyond the host itself.
    private mutating func publishedService(_ pod: PodDesign, _ name: String) -> [Node] {
        guard pod.settings.publish != "none" else { return [] }
        var ports: [Node] = []
        var taken: Set<ContainerPort> = []
        for (index, port) in pod.service.ports.enumerated() {
            let path = pod.path("ports", String(index))
            guard let number = port.publishedRange?.lowerBound else { continue }
            if let address = port.hostIP, address.hasPrefix("127.") || address == "::1" {
                notes.approximate(
                    path,
                    "not published, since it is for the host only; use 'kubectl port-forward'"
                )
                continue
            }
            let outer = ContainerPort(number: number, transport: ContainerPort(port).transport)
            guard taken.insert(outer).inserted else {
                notes.miss(path, "port \(number) is published twice; use another one")
                continue
            }
            var entry = Object()
            entry.set("name", port.name.map(ResourceName.label) ?? outer.name)
            entry.set("port", .integer(number))
            entry.set("targetPort", .integer(port.target))
            entry.set("protocol", outer.transport)
            entry.set("appProtocol", port.appProtocol)
            if pod.settings.publish == "NodePort", (30_000...32_767).contains(number) {
                entry.set("nodePort", .integer(number))
            }
            ports.append(.object(entry))
        }
        guard !ports.isEmpty else { return [] }
        var object = object(
            "v1",
            "Service",
            ResourceName.label("\(name)-published"),
            labels: labels(pod.service)
        )
        var specification = Object()
        specification.set(
            "type",
            pod.settings.publish,
            comment: "Set 'x-kubernetes.publish' to NodePort or none for another type."
        )
        specification.set("selector", selector(pod.service))
        specification.set("ports", .list(ports))
        object.set("spec", .object(specification))
        return [.object(object)]
    }

    func ingress(_ pod: PodDesign) -> [Node] {
        guard let ingress = pod.settings.ingress else { return [] }
        let name = names[pod.service.name] ?? pod.service.name
        let port = ingress.port ?? containerPorts(pod.service).first?.number ?? 80
        let path: Node = [
            "path": .text(ingress.path), "pathType": "Prefix",
            "backend": [
                "service": ["name": .text(name), "port": ["number": .integer(port)]]
            ],
        ]
        var rule = Object()
        rule.set("host", ingress.host)
        rule.set("http", ["paths": [path]])
        var specification = Object()
        specification.set("ingressClassName", ingress.className)
        if let secret = ingress.tlsSecret {
            var entry = Object()
            if let host = ingress.host { entry.set("hosts", [.text(host)]) }
            entry.set("secretName", secret)
            specification.set("tls", [.object(entry)])
        }
        specification.set("rules", [.object(rule)])
        var object = object("networking.k8s.io/v1", "Ingress", name, labels: labels(pod.service))
        object.set("spec", .object(specification))
        return [.object(object)]
    }

    func autoscaler(_ pod: PodDesign) -> [Node] {
        guard let scaling = pod.settings.autoscaling,
            [.deployment, .statefulSet].contains(pod.kind)
        else { return [] }
        let name = names[pod.service.name] ?? pod.service.name
        let targets = [("cpu", scaling.cpu), ("memory", scaling.memory)]
        let metrics = targets.compactMap { resource, percentage -> Node? in
            percentage.map {
                [
                    "type": "Resource",
                    "resource": [
                        "name": .text(resource),
                        "target": ["type": "Utilization", "averageUtilization": .integer($0)],
                    ],
                ]
            }
        }
        var object = object(
            "autoscaling/v2",
            "HorizontalPodAutoscaler",
            name,
            labels: labels(pod.service)
        )
        object.set(
            "spec",
            [
                "scaleTargetRef": [
                    "apiVersion": "apps/v1", "kind": .text(pod.kind.rawValue), "name": .text(name),
                ],
                "minReplicas": .integer(scaling.minimum),
                "maxReplicas": .integer(scaling.maximum), "metrics": .list(metrics),
            ]
        )
        return [.object(object)]
    }
}
