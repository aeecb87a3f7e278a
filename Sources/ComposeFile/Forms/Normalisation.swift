import YAML

/// Makes the implicit content of a file explicit.
///
/// Source: Compose Specification: the default network, implied dependencies, names of resources.
struct Normalisation {
    let projectName: String
    /// The variables that provide values for names without one; nil leaves such names unchanged.
    let environment: [String: String]?

    /// Returns the normalised tree.
    static func apply(
        _ root: YAMLNode,
        projectName: String,
        environment: [String: String]?
    ) -> YAMLNode {
        let normalisation = Normalisation(projectName: projectName, environment: environment)
        var root = root
        let location = root.location
        root.changeMapping { normalisation.apply(to: &$0, at: location) }
        return root
    }

    private func apply(to file: inout Mapping, at location: SourceLocation) {
        file["name"] = YAMLNode(.string(projectName), at: location)
        var usesDefault = false
        file.change("services") { services in
            services.changeMapping { services in
                services.changeAll { _, service in
                    let location = service.location
                    service.changeMapping {
                        if joinNetworks(&$0, at: location) { usesDefault = true }
                        normalise(&$0)
                        addDependencies(to: &$0, at: location)
                    }
                }
            }
        }
        if usesDefault { addDefaultNetwork(to: &file, at: location) }
        for section in ["networks", "volumes", "configs", "secrets"] {
            file.change(section, nameResources)
        }
    }

    /// Attaches a service without networks to the default network; returns whether it uses that.
    private func joinNetworks(_ service: inout Mapping, at location: SourceLocation) -> Bool {
        guard service["provider"] == nil, service["network_mode"] == nil else { return false }
        let networks = service["networks"]?.mapping ?? Mapping()
        if networks.isEmpty {
            let network = Mapping.single("default", YAMLNode(.null, at: location))
            service["networks"] = YAMLNode(.mapping(network), at: location)
            return true
        }
        return networks["default"] != nil
    }

    private func addDefaultNetwork(to file: inout Mapping, at location: SourceLocation) {
        file.provide("networks", .mapping(Mapping()), at: location)
        file.change("networks") { networks in
            networks.changeMapping { $0.provide("default", .null, at: location) }
        }
    }

    private func normalise(_ service: inout Mapping) {
        service.change("pull_policy") { policy in
            if policy.string == "if_not_present" { policy.content = .string("missing") }
        }
        service.change("build") { build in
            let location = build.location
            build.changeMapping { build in
                build.provide("context", .string("."), at: location)
                if build["dockerfile_inline"] == nil {
                    build.provide("dockerfile", .string("Dockerfile"), at: location)
                }
                build.change("args") { resolve(&$0, keepingUnset: false) }
            }
        }
        service.change("environment") { resolve(&$0, keepingUnset: true) }
        service.change("volumes") { volumes in
            volumes.changeElements { _, volume in
                volume.changeMapping { volume in
                    volume.change("target") { target in
                        if let path = target.string {
                            target.content = .string(CleanPath.clean(path))
                        }
                    }
                }
            }
        }
    }

    /// Sets the values of names without one from the environment.
    private func resolve(_ variables: inout YAMLNode, keepingUnset: Bool) {
        guard let environment else { return }
        variables.changeMapping { mapping in
            mapping.changeAll { name, value in
                if value.isNull, let known = environment[name] { value.content = .string(known) }
            }
            if !keepingUnset { mapping.filter { !$0.value.isNull } }
        }
        guard case .sequence(let elements) = variables.content else { return }
        variables.content = .sequence(
            elements.compactMap { element in
                guard let text = element.string, !text.contains("=") else { return element }
                guard let value = environment[text] else { return keepingUnset ? element : nil }
                return YAMLNode(.string("\(text)=\(value)"), at: element.location)
            }
        )
    }

    private func nameResources(_ section: inout YAMLNode) {
        section.changeMapping { resources in
            resources.changeAll { key, resource in
                if resource.isNull { resource.content = .mapping(Mapping()) }
                let location = resource.location
                resource.changeMapping { resource in
                    let external = resource["external"]
                    let isExternal =
                        external?.bool ?? external?.string.flatMap(BooleanText.go) ?? false
                    let name = isExternal ? key : "\(projectName)_\(key)"
                    resource.provide("name", .string(name), at: location)
                }
            }
        }
    }
}
