import ComposeFile

extension KubernetesConverter {
    /// The keys of the networks that a service is attached to, sorted.
    func attachedNetworks(of service: Service) -> [String] {
        service.networks.keys.filter { project.networks[$0] != nil }.sorted()
    }

    /// The label of the pods that are attached to a network.
    func networkLabel(_ network: String) -> String {
        "network.swiftcompose/\(ResourceName.label(network))"
    }

    /// One policy for each network: its pods may reach each other.
    func networkPolicies() -> [Node] {
        let restrictsEgress = project.networks.values.contains(where: \.internal)
        return project.networks.sorted { $0.key < $1.key }.map { key, network in
            let peers: Node = ["podSelector": ["matchLabels": [networkLabel(key): "true"]]]
            var specification = Object()
            specification.set("podSelector", ["matchLabels": [networkLabel(key): "true"]])
            specification.set("policyTypes", restrictsEgress ? ["Ingress", "Egress"] : ["Ingress"])
            specification.set("ingress", [["from": [peers]]])
            if network.internal {
                specification.set(
                    "egress",
                    [["to": [peers]], Self.nameServer],
                    comment: "An internal network: its pods, and the cluster's name service."
                )
            } else if restrictsEgress {
                specification.set("egress", [[:]])
            }
            return policy("network-\(key)", specification)
        }
    }

    private static let nameServer: Node = [
        "to": [
            ["namespaceSelector": [:], "podSelector": ["matchLabels": ["k8s-app": "kube-dns"]]]
        ],
        "ports": [["port": 53, "protocol": "UDP"], ["port": 53, "protocol": "TCP"]],
    ]

    /// The policies of one service: its published ports, or no network at all.
    func servicePolicies(_ service: Service) -> [Node] {
        let name = names[service.name] ?? service.name
        var specification = Object()
        specification.set("podSelector", ["matchLabels": selector(service)])
        if service.networkMode == NetworkMode.none {
            specification.set("policyTypes", ["Ingress", "Egress"])
            return [policy("\(name)-none", specification, of: service)]
        }
        let ports = Set(service.ports.map(\.target))
        let published = containerPorts(service).filter { ports.contains($0.number) }
        guard !published.isEmpty, !attachedNetworks(of: service).isEmpty else { return [] }
        let entries = published.map { port -> Node in
            ["port": .integer(port.number), "protocol": .text(port.transport)]
        }
        specification.set("policyTypes", ["Ingress"])
        specification.set("ingress", [["ports": .list(entries)]])
        return [policy("\(name)-published", specification, of: service)]
    }

    private func policy(
        _ name: String,
        _ specification: Object,
        of service: Service? = nil
    ) -> Node {
        var object = object(
            "networking.k8s.io/v1",
            "NetworkPolicy",
            ResourceName.label(name),
            labels: service.map(labels)
        )
        object.set("spec", .object(specification))
        return .object(object)
    }
}
