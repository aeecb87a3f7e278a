/// What holds at places of a tree, found by walking down beside the tree.
struct PathTable<Rule: Sendable>: Sendable {
    /// What holds here.
    private(set) var rule: Rule?
    private var named: [String: PathTable] = [:]
    /// At most one: what holds under every key or element that is not named.
    private var others: [PathTable] = []

    init() {}

    /// Rules by their paths; `*` stands for any key or element, `[]` for elements only.
    init(_ rules: KeyValuePairs<String, Rule>) {
        for (path, rule) in rules {
            insert(rule, at: path.split(separator: ".").map(String.init)[...])
        }
    }

    /// The rules under a key; nil when there are none.
    func under(_ key: String) -> PathTable? {
        named[key] ?? others.first
    }

    /// The rules under every element of a list.
    var underElements: PathTable? { under("[]") }

    /// The rules under a path.
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
    /// A path of keys and `[n]` as messages show it: `services.web.ports[0]`.
    var dotted: String {
        reduce(into: "") { text, key in
            text += text.isEmpty || key.hasPrefix("[") ? key : ".\(key)"
        }
    }
}
