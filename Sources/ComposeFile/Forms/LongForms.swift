import YAML

/// Expands the short forms of a file to long forms, the only ones that the model decodes.
///
/// Source: Compose Specification, the short and long syntax of each attribute.
struct LongForms {
    private(set) var errors: [ComposeError] = []
    /// Whether invalid text is kept, as it may contain an uninterpolated variable.
    private let lenient: Bool

    private init(lenient: Bool) {
        self.lenient = lenient
    }

    /// Returns the tree in long forms; throws all invalid short forms together.
    static func expand(_ root: YAMLNode, lenient: Bool) throws(ComposeErrors) -> YAMLNode {
        var root = root
        var forms = LongForms(lenient: lenient)
        root.changeMapping { file in
            file.change("services") { services in
                services.changeMapping { $0.changeAll { forms.expandService($0, &$1) } }
            }
            for section in ["volumes", "networks", "secrets", "configs"] {
                file.change(section) { resources in
                    resources.changeMapping { mapping in
                        mapping.changeAll { forms.expandExternal(&$1, "\(section).\($0)") }
                    }
                }
            }
        }
        if !forms.errors.isEmpty { throw ComposeErrors(forms.errors) }
        return root
    }

    private mutating func expandService(_ name: String, _ service: inout YAMLNode) {
        let path = "services.\(name)"
        service.changeMapping { service in
            service.changeAll { key, value in expand(key, &value, "\(path).\(key)") }
        }
    }

    private mutating func expand(_ key: String, _ value: inout YAMLNode, _ path: String) {
        switch key {
        case "build": expandBuild(&value, path)
        case "depends_on": expandDependencies(&value)
        case "env_file": expandEnvFiles(&value)
        case "label_file", "dns": LongForms.listText(&value)
        case "networks", "models": expandNames(&value)
        case "extends": expandText(&value, key: "service")
        case "gpus":
            if value.string != nil {
                let all = YAMLNode(.string("all"), at: value.location)
                let request = Mapping.single("count", all)
                value.content = .sequence([YAMLNode(.mapping(request), at: value.location)])
            }
        case "volumes":
            value.changeElements { expandVolume(&$1, "\(path)[\($0)]") }
        case "devices":
            value.changeElements { expandDevice(&$1, "\(path)[\($0)]") }
        case "secrets", "configs":
            value.changeElements { expandText(&$1, key: "source") }
        case "ports": expandPorts(&value, path)
        case "ulimits": checkUlimits(&value, path)
        case "develop":
            value.change(at: ["watch", "*", "ignore"], LongForms.listText)
            value.change(at: ["watch", "*", "include"], LongForms.listText)
        default: break
        }
    }

    /// Rejects a limit that is a string: as in docker compose, interpolation has converted numbers.
    mutating func checkUlimits(_ value: inout YAMLNode, _ path: String) {
        for entry in value.mapping ?? Mapping() {
            guard let text = entry.value.string else { continue }
            let problem = ComposeError.Problem.expected(
                "an integer, or soft and hard",
                found: "'\(text)'",
                path: "\(path).\(entry.key)"
            )
            addError(problem, at: entry.value)
        }
    }

    /// Expands a string to a list of one.
    static func listText(_ value: inout YAMLNode) {
        if value.string != nil { value.content = .sequence([value]) }
    }

    /// Expands a string to a mapping with one key.
    private func expandText(_ value: inout YAMLNode, key: String) {
        if value.string != nil { value.content = .mapping(.single(key, value)) }
    }

    /// Expands a list of names to a mapping with null values.
    private func expandNames(_ value: inout YAMLNode) {
        guard let names = value.sequence else { return }
        value.content = .mapping(
            Mapping(names.map { .named($0, YAMLNode(.null, at: $0.location)) })
        )
    }

    private func expandDependencies(_ value: inout YAMLNode) {
        expandNames(&value)
        value.changeMapping { dependencies in
            dependencies.changeAll { _, dependency in
                if dependency.isNull { dependency.content = .mapping(Mapping()) }
                let location = dependency.location
                dependency.changeMapping {
                    $0.provide("condition", .string("service_started"), at: location)
                    $0.provide("required", .bool(true), at: location)
                }
            }
        }
    }

    private func expandEnvFiles(_ value: inout YAMLNode) {
        LongForms.listText(&value)
        value.changeElements { _, file in
            expandText(&file, key: "path")
            let location = file.location
            file.changeMapping { $0.provide("required", .bool(true), at: location) }
        }
    }

    /// Reports invalid text, unless it may contain an uninterpolated variable.
    mutating func report(_ problem: ComposeError.Problem, at node: YAMLNode) {
        if !lenient { addError(problem, at: node) }
    }

    mutating func addError(_ problem: ComposeError.Problem, at node: YAMLNode) {
        errors.append(ComposeError(problem, at: node.location))
    }
}

extension Mapping {
    /// A mapping with one key, located at its value.
    static func single(_ key: String, _ value: YAMLNode) -> Mapping {
        Mapping([Entry(key: key, keyLocation: value.location, value: value)])
    }
}

extension Mapping.Entry {
    /// An entry whose key is an element of a list.
    fileprivate static func named(_ name: YAMLNode, _ value: YAMLNode) -> Mapping.Entry {
        Mapping.Entry(key: name.string ?? "", keyLocation: name.location, value: value)
    }
}
