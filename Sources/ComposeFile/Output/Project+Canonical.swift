extension Project {
    /// The model as `config --format json` prints it.
    public var canonicalJSON: Value {
        var output = Canonical(.json)
        output.text("name", name)
        addResources(to: &output)
        for (key, value) in extensions.sorted(by: { $0.key < $1.key }) {
            output.set(key, value.withoutEmptyLists)
        }
        return output.value
    }

    /// The model as `config` prints it in YAML.
    public var canonicalYAML: Value {
        var output = Canonical(.yaml)
        output.text("name", name)
        addResources(to: &output)
        output.objects("models", models)
        output.extensions(extensions)
        return output.value
    }

    private func addResources(to output: inout Canonical) {
        if services.isEmpty {
            output.set("services", .object([]))
        } else {
            output.objects("services", services)
        }
        output.objects("networks", networks)
        output.objects("volumes", volumes)
        output.objects("secrets", secrets)
        output.objects("configs", configs)
    }
}

extension Value {
    /// Replaces empty lists by null, as docker compose does in extension fields of JSON.
    fileprivate var withoutEmptyLists: Value {
        switch self {
        case .list([]): .null
        case .list(let elements): .list(elements.map(\.withoutEmptyLists))
        case .object(let members):
            .object(members.map { Member($0.key, $0.value.withoutEmptyLists) })
        default: self
        }
    }
}
