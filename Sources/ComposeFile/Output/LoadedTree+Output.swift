import YAML

extension LoadedTree {
    /// The tree as `config --no-interpolate` prints it: with variables, normalised on request.
    public func model(normalised: Bool) -> Value {
        guard normalised else { return Value(root) }
        return Value(Normalisation.apply(root, projectName: name, environment: nil))
    }

    /// The variables used in the files, sorted by name, each combining all of its uses.
    public var variables: [TemplateVariable] {
        var variables: [String: TemplateVariable] = [:]
        LoadedTree.collect(root, into: &variables)
        return variables.values.sorted { $0.name < $1.name }
    }

    private static func collect(
        _ node: YAMLNode,
        into variables: inout [String: TemplateVariable]
    ) {
        switch node.content {
        case .string(let text):
            for variable in TemplateVariable.all(in: text) {
                variables[variable.name] = variable.joined(to: variables[variable.name])
            }
        case .sequence(let elements):
            for element in elements { collect(element, into: &variables) }
        case .mapping(let mapping):
            for entry in mapping { collect(entry.value, into: &variables) }
        default: break
        }
    }
}

extension TemplateVariable {
    /// Combines this use with an earlier one, whose values take precedence.
    fileprivate func joined(to earlier: TemplateVariable?) -> TemplateVariable {
        guard var joined = earlier else { return self }
        joined.isRequired = joined.isRequired || isRequired
        if joined.defaultValue.isEmpty { joined.defaultValue = defaultValue }
        if joined.alternateValue.isEmpty { joined.alternateValue = alternateValue }
        return joined
    }

    /// The variable as `config --variables --format json` prints it.
    public var value: Value {
        .object([
            Value.Member("Name", .string(name)),
            Value.Member("DefaultValue", .string(defaultValue)),
            Value.Member("PresenceValue", .string(alternateValue)),
            Value.Member("Required", .boolean(isRequired)),
        ])
    }
}
