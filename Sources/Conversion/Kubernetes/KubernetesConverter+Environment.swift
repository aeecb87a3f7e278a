import ComposeFile
import YAML

extension KubernetesConverter {
    /// Divides a service's variables; reports names that containers cannot have.
    mutating func environment(of service: Service) -> EnvironmentDesign {
        let path = ["services", service.name, "environment"]
        let name = ResourceName.label("\(names[service.name] ?? service.name)-env")
        var design = EnvironmentDesign(name: name)
        let own = Set(service.source.node?.mapping?["environment"]?.mapping?.keys ?? [])
        var fromFiles: [String: String] = [:]
        var confidential: [String: String] = [:]
        for (name, value) in service.setEnvironment {
            guard Self.isVariableName(name) else {
                notes.approximate(path, "without '\(name)', which is not a valid name; rename it")
                continue
            }
            if EnvironmentDesign.isConfidential(name) {
                confidential[name] = value
            } else if own.contains(name) {
                design.variables[name] = value
            } else {
                fromFiles[name] = value
            }
        }
        if !fromFiles.isEmpty {
            var map = object("v1", "ConfigMap", design.name, labels: labels(service))
            map.set("data", .texts(fromFiles))
            design.configMap = .object(map)
        }
        if !confidential.isEmpty {
            var secret = object("v1", "Secret", design.name, labels: labels(service))
            secret.set("type", "Opaque")
            secret.set("stringData", .texts(confidential))
            design.secret = .object(secret)
        }
        return design
    }

    private static func isVariableName(_ name: String) -> Bool {
        name.first?.isNumber == false && name != "." && !name.hasPrefix("..")
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0)) }
    }

    /// Adds the environment of a container or of its hook.
    func addEnvironment(_ environment: EnvironmentDesign, to container: inout Object) {
        var sources: [Node] = []
        if environment.configMap != nil {
            sources.append(["configMapRef": ["name": .text(environment.name)]])
        }
        if environment.secret != nil {
            sources.append(["secretRef": ["name": .text(environment.name)]])
        }
        container.set("envFrom", Node.list(sources).ifNotEmpty)
        let variables = environment.variables.sorted { $0.key < $1.key }.map {
            name,
            value -> Node in
            ["name": .text(name), "value": .text(EnvironmentDesign.escaped(value))]
        }
        container.set("env", Node.list(variables).ifNotEmpty)
    }
}
