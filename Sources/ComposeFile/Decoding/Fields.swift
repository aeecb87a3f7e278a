import YAML

/// The attributes of one mapping, taken out one by one as typed values.
///
/// The schema has been checked before; what is refused here are texts that make no sense.
struct Fields {
    let mapping: Mapping
    let location: SourceLocation
    let path: AttributePath

    init(of node: YAMLNode, at path: AttributePath) throws(ComposeError) {
        guard let mapping = node.mapping else {
            let problem = ComposeError.Problem.expected(
                "a mapping",
                found: node.kind,
                path: "\(path)"
            )
            throw ComposeError(problem, at: node.location)
        }
        self.mapping = mapping
        location = node.location
        self.path = path
    }

    /// The value of a key; nil where it is absent or null.
    subscript(key: String) -> YAMLNode? {
        guard let node = mapping[key], !node.isNull else { return nil }
        return node
    }

    /// The mapping under a key.
    func section(_ key: String) throws(ComposeError) -> Fields? {
        guard let node = self[key] else { return nil }
        return try Fields(of: node, at: .key(key, in: path))
    }

    /// The mappings of a list, each made into a value.
    func list<Element>(
        _ key: String,
        _ make: (Fields) throws(ComposeError) -> Element
    ) throws(ComposeError) -> [Element] {
        guard let nodes = self[key]?.sequence else { return [] }
        let outer = AttributePath.key(key, in: path)
        var elements: [Element] = []
        elements.reserveCapacity(nodes.count)
        for (index, node) in nodes.enumerated() {
            elements.append(try make(Fields(of: node, at: .index(index, in: outer))))
        }
        return elements
    }

    /// The values of a mapping with free keys; `make` gets the node, which may be null.
    func named<Element>(
        _ key: String,
        _ make: (YAMLNode, AttributePath) throws(ComposeError) -> Element
    ) throws(ComposeError) -> [String: Element] {
        guard let mapping = self[key]?.mapping else { return [:] }
        let outer = AttributePath.key(key, in: path)
        var elements: [String: Element] = [:]
        elements.reserveCapacity(mapping.count)
        for entry in mapping {
            elements[entry.key] = try make(entry.value, .key(entry.key, in: outer))
        }
        return elements
    }

    /// The `x-` keys.
    var extensions: Extensions {
        var extensions: Extensions = [:]
        for entry in mapping where entry.key.hasPrefix("x-") {
            extensions[entry.key] = Value(entry.value)
        }
        return extensions
    }

    /// A complaint about the value of a key.
    func invalid(_ key: String, _ kind: String, _ reason: String) -> ComposeError {
        let found = self[key].map { $0.plainText ?? $0.kind } ?? "nothing"
        return ComposeError(
            .invalid(
                kind,
                found: found,
                reason: reason,
                path: "\(AttributePath.key(key, in: path))"
            ),
            at: self[key]?.location ?? location
        )
    }
}
