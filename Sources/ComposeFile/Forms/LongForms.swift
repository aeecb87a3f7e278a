import YAML

/// Turns every short form of a file into the long one, so that the model knows one form only.
///
/// Source: Compose Specification, the short and long syntax of each attribute.
struct LongForms {
    private(set) var errors: [ComposeError] = []
    /// Whether a text that cannot be parsed stays as it is, since a variable may stand in it.
    private let lenient: Bool

    private init(lenient: Bool) {
        self.lenient = lenient
    }

    /// The tree with long forms; throws every short form that makes no sense at once.
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
        case "develop":
            value.change(at: ["watch", "*", "ignore"], LongForms.listText)
            value.change(at: ["watch", "*", "include"], LongForms.listText)
        default: break
        }
    }

    /// A single text where a list is meant.
    static func listText(_ value: inout YAMLNode) {
        if value.string != nil { value.content = .sequence([value]) }
    }

    /// A text that stands for a mapping with one key.
    private func expandText(_ value: inout YAMLNode, key: String) {
        if value.string != nil { value.content = .mapping(.single(key, value)) }
    }

    /// A list of names that stands for a mapping without values.
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

    /// Tells a text that makes no sense, unless a variable may stand in it.
    mutating func report(_ problem: ComposeError.Problem, at node: YAMLNode) {
        if !lenient { refuse(problem, at: node) }
    }

    mutating func refuse(_ problem: ComposeError.Problem, at node: YAMLNode) {
        errors.append(ComposeError(problem, at: node.location))
    }
}

extension Mapping {
    /// A mapping with one key, which stands where its value does.
    static func single(_ key: String, _ value: YAMLNode) -> Mapping {
        Mapping([Entry(key: key, keyLocation: value.location, value: value)])
    }
}

extension Mapping.Entry {
    /// An entry whose key was an element of a list.
    fileprivate static func named(_ name: YAMLNode, _ value: YAMLNode) -> Mapping.Entry {
        Mapping.Entry(key: name.string ?? "", keyLocation: name.location, value: value)
    }
}
