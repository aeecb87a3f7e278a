import YAML

/// Inserts the values of environment variables referenced by name.
enum EnvironmentResolution {
    /// Resolves names in `environment` lists and the `environment` of secrets and configs.
    static func apply(to root: YAMLNode, _ environment: [String: String]) -> YAMLNode {
        var root = root
        root.change(at: ["services", "*", "environment"]) { list in
            list.changeElements { _, element in
                guard let name = element.string, let value = environment[name] else { return }
                element.content = .string("\(name)=\(value)")
            }
        }
        root.change(at: ["secrets", "*"]) { provide("x-#value", to: &$0, environment) }
        root.change(at: ["configs", "*"]) { provide("content", to: &$0, environment) }
        return root
    }

    private static func provide(
        _ key: String,
        to resource: inout YAMLNode,
        _ environment: [String: String]
    ) {
        resource.changeMapping { mapping in
            guard let name = mapping["environment"], let variable = name.string,
                let value = environment[variable]
            else { return }
            mapping[key] = YAMLNode(.string(value), at: name.location)
        }
    }
}
