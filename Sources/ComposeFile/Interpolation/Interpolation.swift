import YAML

/// Interpolates variables in all strings of a tree and converts the results to their types.
///
/// Source: Compose Specification, interpolation.
struct Interpolation {
    private let lookup: (String) -> String?
    private var errors: [ComposeError] = []
    private var warnings: [ComposeWarning] = []
    private var path: [String] = []

    /// Returns the interpolated tree; throws all errors together and adds to `warnings`.
    static func apply(
        to root: YAMLNode,
        warnings: inout [ComposeWarning],
        lookup: @escaping (String) -> String?
    ) throws(ComposeErrors) -> YAMLNode {
        var interpolation = Interpolation(lookup: lookup)
        let changed = interpolation.changed(root, TypeCast.table)
        warnings += interpolation.warnings
        if !interpolation.errors.isEmpty { throw ComposeErrors(interpolation.errors) }
        return changed ?? root
    }

    private init(lookup: @escaping (String) -> String?) {
        self.lookup = lookup
    }

    /// Returns the interpolated node; nil if it is unchanged, so that it is not copied.
    private mutating func changed(_ node: YAMLNode, _ casts: PathTable<TypeCast>?) -> YAMLNode? {
        switch node.content {
        case .string(let text): content(of: text, node, casts?.rule)
        case .sequence(let elements): changed(elements, node, casts?.underElements)
        case .mapping(let mapping): changed(mapping, node, casts)
        default: nil
        }
    }

    private mutating func changed(
        _ elements: [YAMLNode],
        _ node: YAMLNode,
        _ casts: PathTable<TypeCast>?
    ) -> YAMLNode? {
        var copy: [YAMLNode]?
        for (index, element) in elements.enumerated() {
            path.append("[\(index)]")
            if let new = changed(element, casts) {
                if copy == nil { copy = elements }
                copy?[index] = new
            }
            path.removeLast()
        }
        return copy.map { YAMLNode(.sequence($0), at: node.location) }
    }

    private mutating func changed(
        _ mapping: Mapping,
        _ node: YAMLNode,
        _ casts: PathTable<TypeCast>?
    ) -> YAMLNode? {
        var copy: Mapping?
        for (index, entry) in mapping.enumerated() {
            path.append(entry.key)
            if let new = changed(entry.value, casts?.under(entry.key)) {
                if copy == nil { copy = mapping }
                copy?.setValue(new, at: index)
            }
            path.removeLast()
        }
        return copy.map { YAMLNode(.mapping($0), at: node.location) }
    }

    private mutating func content(
        of text: String,
        _ node: YAMLNode,
        _ cast: TypeCast?
    )
        -> YAMLNode?
    {
        guard let value = substituted(text, at: node.location) else { return nil }
        guard let cast else {
            return value == text ? nil : YAMLNode(.string(value), at: node.location)
        }
        guard let content = cast.content(of: value) else {
            add(.wrongType(cast.rawValue, found: value, path: dotted), at: node.location)
            return nil
        }
        if cast == .boolean, TypeCast.isOutdatedBoolean(value) {
            let better = content.isTrue ? "true" : "false"
            let advice = """
                "\(value)" for boolean is not supported by YAML 1.2, please use `\(better)`
                """
            warnings.append(ComposeWarning(advice, at: node.location))
        }
        return YAMLNode(content, at: node.location)
    }

    private mutating func substituted(_ text: String, at location: SourceLocation) -> String? {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
        var template = Template(lookup: lookup)
        defer {
            for name in template.unset {
                var warning = ComposeWarning.unset(name, at: location)
                warning.unset = (name, path)
                warnings.append(warning)
            }
        }
        do {
            return try template.substitute(text)
        } catch {
            add(.template(error, path: dotted), at: location)
            return nil
        }
    }

    private mutating func add(_ problem: LoadingProblem, at location: SourceLocation) {
        errors.append(ComposeError(.loading(problem), at: location))
    }

    private var dotted: String { path.dotted }
}

extension YAMLNode.Content {
    fileprivate var isTrue: Bool {
        if case .bool(true) = self { true } else { false }
    }
}

extension ComposeWarning {
    /// The warning about a variable that is not set.
    static func unset(_ name: String, at location: SourceLocation?) -> ComposeWarning {
        let message = "The \"\(name)\" variable is not set. Defaulting to a blank string."
        return ComposeWarning(message, at: location)
    }
}
