import ComposeFile
import Notation

extension KubernetesConverter {
    /// The security settings of the whole pod.
    mutating func podSecurity(_ pod: PodDesign) -> Node {
        var security = Object()
        let groups = pod.service.groupAdd.compactMap { Int($0) }
        if groups.count < pod.service.groupAdd.count {
            notes.miss(
                pod.path("group_add"),
                "names of groups are known to the image only; use numbers"
            )
        }
        security.set("supplementalGroups", Node.list(groups.map(Node.integer)).ifNotEmpty)
        let sysctls = pod.service.sysctls.sorted { $0.key < $1.key }.map { name, value -> Node in
            ["name": .text(name), "value": .text(value)]
        }
        if pod.service.networkMode == .host, !sysctls.isEmpty {
            notes.miss(pod.path("sysctls"), "a pod in the node's network cannot change it")
        } else {
            security.set("sysctls", Node.list(sysctls).ifNotEmpty)
        }
        let profile =
            pod.service.securityOptions.contains {
                ["seccomp:unconfined", "seccomp=unconfined"].contains($0)
            }
            ? "Unconfined" : "RuntimeDefault"
        security.set("seccompProfile", ["type": .text(profile)])
        return .object(security)
    }

    /// The security settings of the container.
    mutating func containerSecurity(_ pod: PodDesign) -> Node? {
        let service = pod.service
        var security = Object()
        addUser(service.user, at: pod.path("user"), to: &security)
        if service.privileged { security.set("privileged", true) }
        if service.readOnly { security.set("readOnlyRootFilesystem", true) }
        addOptions(of: pod, to: &security)
        var capabilities = Object()
        capabilities.set("add", Node.texts(service.addedCapabilities.map(\.bare)).ifNotEmpty)
        capabilities.set("drop", Node.texts(service.droppedCapabilities.map(\.bare)).ifNotEmpty)
        security.set("capabilities", Node.object(capabilities).ifNotEmpty)
        return Node.object(security).ifNotEmpty
    }

    /// Adds a user and group given by numbers; reports names.
    mutating func addUser(_ user: String?, at path: [String], to security: inout Object) {
        guard let user, !user.isEmpty else { return }
        let parts = user.split(separator: ":", maxSplits: 1).map(String.init)
        let numbers = parts.map { Int($0) }
        if let number = numbers.first ?? nil { security.set("runAsUser", .integer(number)) }
        if parts.count > 1, let number = numbers[1] {
            security.set("runAsGroup", .integer(number))
        }
        guard numbers.contains(nil) else { return }
        notes.miss(
            path,
            "names of users are known to the image only; use numbers, or USER in the Dockerfile"
        )
    }

    private mutating func addOptions(of pod: PodDesign, to security: inout Object) {
        let service = pod.service
        var others: [String] = []
        for option in service.securityOptions {
            let text = option.replacing("=", with: ":")
            switch text {
            case "no-new-privileges", "no-new-privileges:true":
                // The API server rejects the combination.
                let isAllowed =
                    service.privileged
                    || service.addedCapabilities.contains {
                        ["SYS_ADMIN", "ALL"].contains($0.bare)
                    }
                if isAllowed {
                    others.append(option)
                } else {
                    security.set("allowPrivilegeEscalation", false)
                }
            case "no-new-privileges:false", "seccomp:unconfined": break
            default: others.append(option)
            }
        }
        guard !others.isEmpty else { return }
        notes.miss(
            pod.path("security_opt"),
            "without '\(others.joined(separator: "', '"))'; install the profile on the nodes and "
                + "set it in an overlay"
        )
    }
}

extension String {
    /// The name of a capability without its prefix.
    fileprivate var bare: String {
        let name = uppercased()
        return name.suffix(after: "CAP_") ?? name
    }
}
