import YAML

extension Mapping {
    /// Changes the value of a key in place; does nothing if the key is absent.
    mutating func change<Failure: Error>(
        _ key: String,
        _ change: (inout YAMLNode) throws(Failure) -> Void
    ) throws(Failure) {
        guard let position = position(of: key) else { return }
        var value = takeValue(at: position)
        defer { setValue(value, at: position) }
        try change(&value)
    }

    /// Changes every value in place; `change` receives the key as well.
    mutating func changeAll<Failure: Error>(
        _ change: (String, inout YAMLNode) throws(Failure) -> Void
    ) throws(Failure) {
        for position in indices {
            var value = takeValue(at: position)
            defer { setValue(value, at: position) }
            try change(self[position].key, &value)
        }
    }

    /// Adds a key that is absent, with `location` as its location.
    mutating func provide(_ key: String, _ content: YAMLNode.Content, at location: SourceLocation) {
        if position(of: key) == nil {
            self[key] = YAMLNode(content, at: location)
        }
    }
}

extension YAMLNode {
    /// Changes a mapping in place; does nothing to other values.
    mutating func changeMapping<Failure: Error>(
        _ change: (inout Mapping) throws(Failure) -> Void
    ) throws(Failure) {
        guard case .mapping(var mapping) = content else { return }
        content = .null
        defer { content = .mapping(mapping) }
        try change(&mapping)
    }

    /// Changes the elements of a list in place; does nothing to other values.
    mutating func changeElements<Failure: Error>(
        _ change: (Int, inout YAMLNode) throws(Failure) -> Void
    ) throws(Failure) {
        guard case .sequence(var elements) = content else { return }
        content = .null
        defer { content = .sequence(elements) }
        for index in elements.indices { try change(index, &elements[index]) }
    }

    /// Changes the values at a path of keys, where `*` matches every key or element.
    mutating func change<Failure: Error>(
        at path: ArraySlice<String>,
        _ change: (inout YAMLNode) throws(Failure) -> Void
    ) throws(Failure) {
        guard let key = path.first else {
            try change(&self)
            return
        }
        let rest = path.dropFirst()
        guard key == "*" else {
            try changeMapping { mapping throws(Failure) in
                try mapping.change(key) { value throws(Failure) in
                    try value.change(at: rest, change)
                }
            }
            return
        }
        try changeElements { _, element throws(Failure) in try element.change(at: rest, change) }
        try changeMapping { mapping throws(Failure) in
            try mapping.changeAll { _, value throws(Failure) in
                try value.change(at: rest, change)
            }
        }
    }
}
