import ComposeFile
import Notation

extension KubernetesConverter {
    /// Adds the constraints on nodes.
    mutating func addPlacement(of pod: PodDesign, to specification: inout Object) {
        addPlatform(of: pod, to: &specification)
        let placement = pod.service.deploy?.placement ?? Placement()
        var requirements: [Node] = []
        let path = pod.path("deploy", "placement", "constraints")
        for constraint in placement.constraints {
            guard let requirement = Self.requirement(constraint) else {
                notes.miss(
                    path,
                    "without '\(constraint)'; label the nodes and use 'node.labels.NAME == VALUE'"
                )
                continue
            }
            requirements.append(requirement)
            if constraint.contains("node.role") {
                notes.approximate(
                    path,
                    "a manager is a node of the control plane; tolerate its taint in an overlay"
                )
            }
        }
        var affinity = Object()
        if !requirements.isEmpty {
            affinity.set(
                "nodeAffinity",
                [
                    "requiredDuringSchedulingIgnoredDuringExecution": [
                        "nodeSelectorTerms": [["matchExpressions": .list(requirements)]]
                    ]
                ]
            )
        }
        if placement.maxReplicasPerNode == 1 {
            affinity.set("podAntiAffinity", antiAffinity(pod.service))
        }
        specification.set("affinity", Node.object(affinity).ifNotEmpty)
        addSpread(of: pod, placement, to: &specification)
    }

    private mutating func addPlatform(of pod: PodDesign, to specification: inout Object) {
        guard let platform = pod.service.platform else { return }
        let parts = platform.split(separator: "/").map(String.init)
        guard parts.count >= 2 else {
            notes.miss(pod.path("platform"), "use 'OS/ARCHITECTURE', as 'linux/arm64'")
            return
        }
        if parts.count > 2 {
            notes.approximate(pod.path("platform"), "without the variant, which nodes do not show")
        }
        let selector = ["kubernetes.io/os": parts[0], "kubernetes.io/arch": parts[1]]
        specification.set("nodeSelector", .texts(selector))
    }

    private func antiAffinity(_ service: Service) -> Node {
        [
            "requiredDuringSchedulingIgnoredDuringExecution": [
                [
                    "labelSelector": ["matchLabels": selector(service)],
                    "topologyKey": "kubernetes.io/hostname",
                ]
            ]
        ]
    }

    private mutating func addSpread(
        of pod: PodDesign,
        _ placement: Placement,
        to specification: inout Object
    ) {
        var keys: [(key: String, rule: String)] = []
        for preference in placement.preferences.compactMap({ $0 }) {
            if let key = Self.labelKey(preference) {
                keys.append((key, "ScheduleAnyway"))
            } else {
                notes.miss(
                    pod.path("deploy", "placement", "preferences"),
                    "without '\(preference)'; use 'node.labels.NAME'"
                )
            }
        }
        if placement.maxReplicasPerNode > 1 {
            keys.append(("kubernetes.io/hostname", "DoNotSchedule"))
            notes.approximate(
                pod.path("deploy", "placement", "max_replicas_per_node"),
                "pods are spread evenly over the nodes"
            )
        }
        let constraints = keys.map { key, rule -> Node in
            [
                "maxSkew": 1, "topologyKey": .text(key), "whenUnsatisfiable": .text(rule),
                "labelSelector": ["matchLabels": selector(pod.service)],
            ]
        }
        specification.set("topologySpreadConstraints", Node.list(constraints).ifNotEmpty)
    }

    /// The requirement on a node's labels that a constraint amounts to; nil if there is none.
    static func requirement(_ constraint: String) -> Node? {
        let isEqual = constraint.contains("==")
        let parts = constraint.split(separator: isEqual ? "==" : "!=", maxSplits: 1)
            .map { $0.filter { $0 != " " } }
        guard parts.count == 2, !parts[1].isEmpty else { return nil }
        let (subject, value) = (parts[0], parts[1])
        if subject == "node.role" {
            let isManager = (value == "manager") == isEqual
            return [
                "key": "node-role.kubernetes.io/control-plane",
                "operator": isManager ? "Exists" : "DoesNotExist",
            ]
        }
        guard let key = labelKey(subject) else { return nil }
        let architectures = ["x86_64": "amd64", "aarch64": "arm64"]
        let name = subject == "node.platform.arch" ? architectures[value] ?? value : value
        return [
            "key": .text(key), "operator": isEqual ? "In" : "NotIn", "values": [.text(name)],
        ]
    }

    private static func labelKey(_ subject: String) -> String? {
        switch subject {
        case "node.hostname": "kubernetes.io/hostname"
        case "node.platform.os": "kubernetes.io/os"
        case "node.platform.arch": "kubernetes.io/arch"
        default:
            subject.suffix(after: "node.labels.").flatMap {
                ResourceName.isQualified($0) ? $0 : nil
            }
        }
    }
}
