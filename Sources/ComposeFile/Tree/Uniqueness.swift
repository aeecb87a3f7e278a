import YAML

/// Removes list entries with equal identities, keeping the last one at the position of the first.
struct Uniqueness {
    private var errors: [ComposeError] = []
    private var path: [String] = []

    /// Returns the tree without replaced entries.
    static func enforce(_ root: YAMLNode) throws(ComposeErrors) -> YAMLNode {
        var uniqueness = Uniqueness()
        let changed = uniqueness.changed(root, Identity.table)
        if !uniqueness.errors.isEmpty { throw ComposeErrors(uniqueness.errors) }
        return changed ?? root
    }

    /// Returns the changed node; nil if it is unchanged.
    private mutating func changed(_ node: YAMLNode, _ table: PathTable<Identity>) -> YAMLNode? {
        switch node.content {
        case .mapping(let mapping): changed(mapping, node, table)
        case .sequence(let elements): table.rule.flatMap { changed(elements, node, $0) }
        default: nil
        }
    }

    private mutating func changed(
        _ mapping: Mapping,
        _ node: YAMLNode,
        _ table: PathTable<Identity>
    ) -> YAMLNode? {
        var copy: Mapping?
        for (index, entry) in mapping.enumerated() {
            guard let next = table.under(entry.key) else { continue }
            path.append(entry.key)
            if let new = changed(entry.value, next) {
                if copy == nil { copy = mapping }
                copy?.setValue(new, at: index)
            }
            path.removeLast()
        }
        return copy.map { YAMLNode(.mapping($0), at: node.location) }
    }

    private mutating func changed(
        _ elements: [YAMLNode],
        _ node: YAMLNode,
        _ identity: Identity
    )
        -> YAMLNode?
    {
        var positions: [String: Int] = [:]
        var kept: [YAMLNode] = []
        for (index, element) in elements.enumerated() {
            guard let key = identity.key(of: element) else {
                checkTarget(of: element, index, identity)
                kept.append(element)
                continue
            }
            if let position = positions[key] {
                kept[position] = element
            } else {
                positions[key] = kept.count
                kept.append(element)
            }
        }
        guard kept.count < elements.count else { return nil }
        return YAMLNode(.sequence(kept), at: node.location)
    }

    private mutating func checkTarget(of node: YAMLNode, _ index: Int, _ identity: Identity) {
        guard identity.needsTarget, node.mapping != nil else { return }
        let problem = LoadingProblem.missingTarget(path: (path + ["[\(index)]"]).dotted)
        errors.append(ComposeError(.loading(problem), at: node.location))
    }
}
