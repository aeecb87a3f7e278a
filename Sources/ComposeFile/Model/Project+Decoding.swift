import YAML

extension Project {
    /// Decodes a complete tree; throws the first error of every resource together.
    init(root: YAMLNode, name: String, workingDirectory: String) throws(ComposeErrors) {
        self.init(name: name, workingDirectory: workingDirectory)
        var errors: [ComposeError] = []
        guard let file = root.mapping else { return }
        source = Source(node: root)
        services = Project.decode(file["services"], "services", &errors) {
            node,
            path,
            name throws(ComposeError) in
            try Service(name: name, Fields(of: node, at: path), node)
        }
        networks = Project.decode(file["networks"], "networks", &errors) {
            node,
            path,
            _ throws(ComposeError) in try NetworkDefinition(node, path)
        }
        volumes = Project.decode(file["volumes"], "volumes", &errors) {
            node,
            path,
            _ throws(ComposeError) in try VolumeDefinition(node, path)
        }
        configs = Project.decode(file["configs"], "configs", &errors) {
            node,
            path,
            _ throws(ComposeError) in try ConfigDefinition(node, path)
        }
        secrets = Project.decode(file["secrets"], "secrets", &errors) {
            node,
            path,
            _ throws(ComposeError) in try SecretDefinition(node, path)
        }
        models = Project.decode(file["models"], "models", &errors) {
            node,
            path,
            _ throws(ComposeError) in try ModelDefinition(node, path)
        }
        for entry in file where entry.key.hasPrefix("x-") {
            extensions[entry.key] = Value(entry.value)
        }
        if !errors.isEmpty { throw ComposeErrors(errors.sorted { $0.location < $1.location }) }
    }

    private static func decode<Element>(
        _ section: YAMLNode?,
        _ key: String,
        _ errors: inout [ComposeError],
        _ make: (YAMLNode, AttributePath, String) throws(ComposeError) -> Element
    ) -> [String: Element] {
        let mapping = section?.mapping ?? Mapping()
        let outer = AttributePath.key(key, in: .top)
        var elements: [String: Element] = [:]
        elements.reserveCapacity(mapping.count)
        for entry in mapping {
            do throws(ComposeError) {
                elements[entry.key] = try make(
                    entry.value,
                    .key(entry.key, in: outer),
                    entry.key
                )
            } catch {
                errors.append(error)
            }
        }
        return elements
    }
}
