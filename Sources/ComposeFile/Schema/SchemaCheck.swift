import YAML

/// A pass over a tree that collects all violations of the schema.
struct SchemaCheck {
    private(set) var errors: [ComposeError] = []
    private var path: [String] = []

    /// Collects violations of the shape at and below `node`.
    mutating func check(_ node: YAMLNode, _ shape: Shape) {
        switch shape {
        case .anything: return
        case .either(let shapes):
            let kind = Kinds(of: node)
            if let fitting = shapes.first(where: { !$0.kinds.isDisjoint(with: kind) }) {
                check(node, fitting)
            } else {
                reportKind(of: node, wanting: shape.kinds)
            }
        default:
            guard !shape.kinds.isDisjoint(with: Kinds(of: node)) else {
                reportKind(of: node, wanting: shape.kinds)
                return
            }
            checkContent(of: node, shape)
        }
    }

    private mutating func checkContent(of node: YAMLNode, _ shape: Shape) {
        switch (shape, node.content) {
        case (.words(let words), .string(let text)) where !words.contains(text):
            report(.notOneOf(words, found: text, path: path.dotted), at: node)
        case (.text(let fits, let wanted), .string(let text)) where !fits(text):
            report(.expected(wanted, found: "'\(text)'", path: path.dotted), at: node)
        case (.integer(let range), .integer(let value)) where !range.contains(value):
            let bounds = "\(range.lowerBound) to \(range.upperBound)"
            report(.outOfRange(bounds, found: String(value), path: path.dotted), at: node)
        case (.list(let shape, let unique), .sequence(let elements)):
            for (index, element) in elements.enumerated() {
                within("[\(index)]") { $0.check(element, shape) }
            }
            if unique { checkUnique(elements) }
        case (.keys(let keys), .mapping(let mapping)):
            check(mapping, keys, at: node)
        case (.names(let shape, let names), .mapping(let mapping)):
            for entry in mapping { check(entry, shape, names) }
        default: break
        }
    }

    private mutating func check(_ mapping: Mapping, _ keys: Shape.Keys, at node: YAMLNode) {
        for entry in mapping {
            if let shape = keys.known[entry.key] {
                within(entry.key) { $0.check(entry.value, shape) }
            } else if !keys.open, !(keys.extensible && entry.key.hasPrefix("x-")) {
                let known = keys.known.keys.sorted()
                let problem = ComposeError.Problem.unknownKey(
                    entry.key,
                    path: path.dotted,
                    known: known
                )
                errors.append(ComposeError(problem, at: entry.keyLocation))
            }
        }
        for key in keys.required where mapping[key] == nil {
            report(.missingKey(key, path: path.dotted), at: node)
        }
    }

    private mutating func check(_ entry: Mapping.Entry, _ shape: Shape, _ names: Shape.Names) {
        if names.allows(entry.key) {
            within(entry.key) { $0.check(entry.value, shape) }
        } else if !names.lenient {
            let problem = ComposeError.Problem.invalidName(entry.key, path: path.dotted)
            errors.append(ComposeError(problem, at: entry.keyLocation))
        }
    }

    private mutating func checkUnique(_ elements: [YAMLNode]) {
        var texts: Set<String> = []
        for element in elements {
            if let text = element.string, !texts.insert(text).inserted {
                reportRepeated(text, at: element)
            }
        }
        let others = elements.filter { $0.string == nil }
        for index in others.indices where others[..<index].contains(others[index]) {
            reportRepeated(others[index].plainText ?? others[index].kind, at: others[index])
        }
    }

    private mutating func reportRepeated(_ value: String, at node: YAMLNode) {
        report(.repeated(value, path: path.dotted), at: node)
    }

    private mutating func reportKind(of node: YAMLNode, wanting kinds: Kinds) {
        let found = node.string.map { "'\($0)'" } ?? node.kind
        report(.expected(kinds.description, found: found, path: path.dotted), at: node)
    }

    private mutating func report(_ problem: ComposeError.Problem, at node: YAMLNode) {
        errors.append(ComposeError(problem, at: node.location))
    }

    private mutating func within(_ step: String, _ check: (inout SchemaCheck) -> Void) {
        path.append(step)
        check(&self)
        path.removeLast()
    }
}

extension Shape.Names {
    /// Whether invalid keys are ignored.
    fileprivate var lenient: Bool {
        self == .lenientResource || self == .lenientWord
    }

    fileprivate func allows(_ name: String) -> Bool {
        guard !name.isEmpty else { return false }
        return switch self {
        case .resource, .lenientResource: name.utf8.allSatisfy(isResourceCharacter)
        case .lenientWord: name.utf8.allSatisfy { (97...122).contains($0) }
        case .any: true
        }
    }

    private func isResourceCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case 97...122, 65...90, 48...57, 45, 46, 95: true
        default: false
        }
    }
}
