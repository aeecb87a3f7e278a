/// Rules for paths of a tree, looked up by descending in parallel with it.
struct PathTable<Rule: Sendable>: Sendable {
    /// The rule at this path.
    private(set) var rule: Rule?
    private var named: [String: PathTable] = [:]
    /// The rules below any other key or element; at most one table.
    private var others: [PathTable] = []

    init() {}

    /// Creates a table of rules by path; `*` matches any key or element, `[]` only elements.
    init(_ rules: KeyValuePairs<String, Rule>) {
        for (path, rule) in rules {
            insert(rule, at: path.split(separator: ".").map(String.init)[...])
        }
    }

    /// The rules below a key; nil if there are none.
    func under(_ key: String) -> PathTable? {
        named[key] ?? others.first
    }

    /// The rules below every element of a list.
    var underElements: PathTable? { under("[]") }

    /// The rules below a path.
    func under(path: [String]) -> PathTable? {
        var table = self
        for key in path {
            guard let next = table.under(key) else { return nil }
            table = next
        }
        return table
    }

    private mutating func insert(_ rule: Rule, at path: ArraySlice<String>) {
        guard let key = path.first else {
            self.rule = rule
            return
        }
        let rest = path.dropFirst()
        if key == "*" {
            if others.isEmpty { others.append(PathTable()) }
            others[0].insert(rule, at: rest)
        } else {
            named[key, default: PathTable()].insert(rule, at: rest)
        }
    }
}

extension [String] {
    /// Formats a path of keys and `[n]` as in messages: `services.web.ports[0]`.
    var dotted: String {
        reduce(into: "") { text, key in
            text += text.isEmpty || key.hasPrefix("[") ? key : ".\(key)"
        }
    }
}
