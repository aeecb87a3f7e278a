import YAML

/// Merges a later tree into an earlier one.
///
/// Source: Compose Specification, merge.
struct Merge {
    private var errors: [ComposeError] = []
    private var path: [String]

    /// Merges two files; throws all conflicts together.
    static func files(_ earlier: YAMLNode, _ later: YAMLNode) throws(ComposeErrors) -> YAMLNode {
        try merge(earlier, later, at: [])
    }

    /// Merges a service into the one that it extends.
    static func service(
        _ base: YAMLNode,
        _ service: YAMLNode,
        name: String
    )
        throws(ComposeErrors) -> YAMLNode
    {
        try merge(base, service, at: ["services", name])
    }

    private static func merge(
        _ earlier: YAMLNode,
        _ later: YAMLNode,
        at path: [String]
    )
        throws(ComposeErrors) -> YAMLNode
    {
        var merge = Merge(path: path)
        let merged = merge.merged(earlier, later, MergeRule.table.under(path: path))
        if !merge.errors.isEmpty { throw ComposeErrors(merge.errors) }
        return merged
    }

    private init(path: [String]) {
        self.path = path
    }

    private mutating func merged(
        _ earlier: YAMLNode,
        _ later: YAMLNode,
        _ rules: PathTable<MergeRule>?
    ) -> YAMLNode {
        if let rule = rules?.rule { return merged(earlier, later, by: rule, rules) }
        if later.isNull { return earlier }
        switch (earlier.content, later.content) {
        case (.mapping(let old), .mapping(let new)):
            return YAMLNode(.mapping(merged(old, new, rules)), at: earlier.location)
        case (.sequence(let old), .sequence(let new)):
            return YAMLNode(.sequence(old + new), at: earlier.location)
        case (.mapping, _), (.sequence, _):
            return conflict(earlier, later)
        default:
            return later
        }
    }

    private mutating func merged(
        _ earlier: Mapping,
        _ later: Mapping,
        _ rules: PathTable<MergeRule>?
    ) -> Mapping {
        var result = earlier
        for entry in later {
            guard let position = result.position(of: entry.key) else {
                result.set(entry)
                continue
            }
            path.append(entry.key)
            let old = result.takeValue(at: position)
            result.setValue(merged(old, entry.value, rules?.under(entry.key)), at: position)
            path.removeLast()
        }
        return result
    }

    private mutating func merged(
        _ earlier: YAMLNode,
        _ later: YAMLNode,
        by rule: MergeRule,
        _ rules: PathTable<MergeRule>?
    ) -> YAMLNode {
        switch rule {
        case .replace:
            return later
        case .list:
            let entries = KeyValueList.entries(of: earlier) + KeyValueList.entries(of: later)
            return YAMLNode(.sequence(entries), at: earlier.location)
        case .listWithoutRepeats:
            let old = KeyValueList.entries(of: earlier)
            let new = KeyValueList.entries(of: later).filter { !old.contains($0) }
            return YAMLNode(.sequence(old + new), at: earlier.location)
        case .build:
            return mappings(earlier, later, rules) { $0.asBuild }
        case .dependencies:
            return mappings(earlier, later, rules) { $0.names(default: .dependency) }
        case .names:
            return mappings(earlier, later, rules) { $0.names(default: .nothing) }
        case .logging:
            return logging(earlier, later, rules)
        case .subnets:
            return subnets(earlier, later)
        }
    }

    private mutating func mappings(
        _ earlier: YAMLNode,
        _ later: YAMLNode,
        _ rules: PathTable<MergeRule>?,
        _ mapping: (YAMLNode) -> Mapping?
    ) -> YAMLNode {
        if later.isNull { return earlier }
        if earlier.isNull { return later }
        guard let old = mapping(earlier), let new = mapping(later) else {
            return conflict(earlier, later)
        }
        return YAMLNode(.mapping(merged(old, new, rules)), at: earlier.location)
    }

    private mutating func logging(
        _ earlier: YAMLNode,
        _ later: YAMLNode,
        _ rules: PathTable<MergeRule>?
    ) -> YAMLNode {
        guard let old = earlier.mapping?["driver"], let new = later.mapping?["driver"], old != new
        else { return mappings(earlier, later, rules) { $0.mapping } }
        return later
    }

    /// Merges each earlier entry with each later one, as docker compose does: an earlier entry
    /// whose subnet is not among the later ones is dropped.
    private mutating func subnets(_ earlier: YAMLNode, _ later: YAMLNode) -> YAMLNode {
        guard let old = earlier.sequence, let new = later.sequence else {
            return conflict(earlier, later)
        }
        var result: [YAMLNode] = []
        for node in old {
            var entry = node
            for other in new {
                let known = result.firstIndex { $0.subnet == other.subnet }
                if other.subnet != entry.subnet, known == nil {
                    result.append(other)
                    continue
                }
                entry = mappings(entry, other, nil) { $0.mapping }
                if let known = result.firstIndex(where: { $0.subnet == entry.subnet }) {
                    result[known] = entry
                } else {
                    result.append(entry)
                }
            }
        }
        return YAMLNode(.sequence(result), at: earlier.location)
    }

    private mutating func conflict(_ earlier: YAMLNode, _ later: YAMLNode) -> YAMLNode {
        let problem = LoadingProblem.cannotMerge(
            path: path.dotted,
            found: later.kind,
            over: earlier.kind,
            first: earlier.location
        )
        errors.append(ComposeError(.loading(problem), at: later.location))
        return earlier
    }
}

extension YAMLNode {
    fileprivate var subnet: YAMLNode? { mapping?["subnet"] }

    fileprivate var asBuild: Mapping? {
        guard string != nil else { return mapping }
        return Mapping([.init(key: "context", keyLocation: location, value: self)])
    }

    fileprivate enum DefaultEntry {
        case nothing
        case dependency
    }

    /// Returns a mapping as it is, or a list of names as a mapping.
    fileprivate func names(default entry: DefaultEntry) -> Mapping? {
        guard let elements = sequence else { return mapping }
        var result = Mapping()
        for element in elements {
            guard let name = element.string else { return nil }
            let value = YAMLNode(entry.content(at: element.location), at: element.location)
            result.set(.init(key: name, keyLocation: element.location, value: value))
        }
        return result
    }
}

extension YAMLNode.DefaultEntry {
    func content(at location: SourceLocation) -> YAMLNode.Content {
        guard self == .dependency else { return .null }
        var mapping = Mapping()
        mapping["condition"] = YAMLNode(.string("service_started"), at: location)
        mapping["required"] = YAMLNode(.bool(true), at: location)
        return .mapping(mapping)
    }
}
