import YAML

/// The attributes of a mapping, read as typed values.
///
/// The mapping has passed the schema; only values of the right kind but invalid content are
/// rejected here.
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

    /// The value of a key; nil if it is absent or null.
    subscript(key: String) -> YAMLNode? {
        guard let node = mapping[key], !node.isNull else { return nil }
        return node
    }

    /// The mapping under a key; nil if it is absent or null.
    func section(_ key: String) throws(ComposeError) -> Fields? {
        guard let node = self[key] else { return nil }
        return try Fields(of: node, at: .key(key, in: path))
    }

    /// Decodes each mapping of a list.
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

    /// Decodes each value of a mapping with arbitrary keys; a value may be null.
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

    /// The `x-` extension fields.
    var extensions: Extensions {
        var extensions: Extensions = [:]
        for entry in mapping where entry.key.hasPrefix("x-") {
            extensions[entry.key] = Value(entry.value)
        }
        return extensions
    }

    /// The error for an invalid value of a key.
    func invalid(_ key: String, _ kind: String, _ reason: String) -> ComposeError {
        let found = self[key].map { $0.plainText ?? $0.kind } ?? "nothing"
        return invalid(key, found, kind, reason)
    }

    /// The error for `found`, a part of the value of a key.
    func invalid(
        _ key: String,
        _ found: String,
        _ kind: String,
        _ reason: String
    ) -> ComposeError {
        ComposeError(
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
