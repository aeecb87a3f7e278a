import ComposeFile

extension KubernetesConverter {
    /// The name of the ServiceAccount that may wait for Jobs.
    var waitingName: String { ResourceName.label("\(project.name)-wait") }

    /// Whether a service waits for others to complete.
    func waitsForJobs(_ service: Service) -> Bool {
        service.dependsOn.contains { name, dependency in
            dependency.condition == .completedSuccessfully && project.services[name] != nil
        }
    }

    /// The init containers that wait for the services that a service depends on.
    mutating func waitingContainers(_ pod: PodDesign) -> [Node] {
        var containers: [Node] = []
        for (name, dependency) in pod.service.dependsOn.sorted(by: { $0.key < $1.key }) {
            guard let other = project.services[name] else { continue }
            let path = pod.path("depends_on", name, "condition")
            switch dependency.condition {
            case .started:
                notes.approximate(path, "not waited for: pods start at once and retry")
            case .completedSuccessfully:
                containers.append(jobContainer(other))
            case .healthy:
                guard let image = pod.settings.waitImage else {
                    notes.approximate(path, "not waited for ('wait_image: none')")
                    continue
                }
                containers.append(serviceContainer(other, image: image))
            }
        }
        return containers
    }

    private func serviceContainer(_ other: Service, image: String) -> Node {
        let host = names[other.name] ?? other.name
        // A Service without ready pods refuses connections; a headless one has no address.
        let port = containerPorts(other).first { $0.transport == "TCP" }
        let test = port.map { "nc -z -w 2 \(host) \($0.number)" } ?? "nslookup \(host)"
        return waitingContainer(
            other,
            image: image,
            command: ["sh", "-c", "until \(test); do sleep 1; done"],
            comment: "Waits until '\(other.name)' is ready (depends_on)."
        )
    }

    private func jobContainer(_ other: Service) -> Node {
        waitingContainer(
            other,
            image: "registry.k8s.io/kubectl:v1.34.1",
            command: [
                "kubectl", "wait", "--for=condition=complete", "--timeout=-1s",
                "job/\(names[other.name] ?? other.name)",
            ],
            comment: "Waits until '\(other.name)' has completed (depends_on)."
        )
    }

    private func waitingContainer(
        _ other: Service,
        image: String,
        command: [String],
        comment: String
    ) -> Node {
        var container = Object()
        let name = ResourceName.label("wait-for-\(names[other.name] ?? other.name)")
        container.set("name", .text(name), comment: comment)
        container.set("image", image)
        container.set("command", .texts(command))
        container.set(
            "securityContext",
            [
                "runAsUser": 65534, "runAsNonRoot": true, "allowPrivilegeEscalation": false,
                "capabilities": ["drop": ["ALL"]],
            ]
        )
        return .object(container)
    }

    /// The objects that allow init containers to wait for Jobs.
    func waitingRole() -> [Node] {
        let group = "rbac.authorization.k8s.io"
        let account = object("v1", "ServiceAccount", waitingName)
        var role = object("\(group)/v1", "Role", waitingName)
        role.set(
            "rules",
            [
                [
                    "apiGroups": ["batch"], "resources": ["jobs"],
                    "verbs": ["get", "list", "watch"],
                ]
            ]
        )
        var binding = object("\(group)/v1", "RoleBinding", waitingName)
        binding.set(
            "roleRef",
            ["apiGroup": .text(group), "kind": "Role", "name": .text(waitingName)]
        )
        binding.set("subjects", [["kind": "ServiceAccount", "name": .text(waitingName)]])
        return [.object(account), .object(role), .object(binding)]
    }
}
