import Notation
import YAML

extension Normalisation {
    /// Adds the dependencies implied by links, shared namespaces and shared mounts.
    func addDependencies(to service: inout Mapping, at location: SourceLocation) {
        var implied: [(name: String, restart: Bool?, node: YAMLNode)] = []
        for link in service["links"]?.sequence ?? [] {
            let parts = (link.string ?? "").split(separator: ":", omittingEmptySubsequences: false)
            let name = parts.count == 2 ? String(parts[0]) : link.string ?? ""
            implied.append((name, true, link))
        }
        for key in ["network_mode", "ipc", "pid", "uts", "cgroup"] {
            if let node = service[key], let name = node.string?.suffix(after: "service:") {
                implied.append((name, true, node))
            }
        }
        for node in service["volumes_from"]?.sequence ?? [] {
            guard let text = node.string, !text.hasPrefix("container:") else { continue }
            implied.append((String(text.prefix { $0 != ":" }), false, node))
        }
        guard !implied.isEmpty else { return }
        service.provide("depends_on", .mapping(Mapping()), at: location)
        service.change("depends_on") { dependencies in
            dependencies.changeMapping { mapping in
                for (name, restart, node) in implied where mapping[name] == nil {
                    mapping[name] = dependency(restart: restart, at: node.location)
                }
            }
        }
    }

    private func dependency(restart: Bool?, at location: SourceLocation) -> YAMLNode {
        var mapping = Mapping()
        mapping["condition"] = YAMLNode(.string("service_started"), at: location)
        mapping["restart"] = restart.map { YAMLNode(.bool($0), at: location) }
        mapping["required"] = YAMLNode(.bool(true), at: location)
        return YAMLNode(.mapping(mapping), at: location)
    }
}
