/// The usual outcome of each attribute, which the attribute's value may change.
///
/// A pattern is a path in which `*` stands for a name and list elements are left out, as in
/// `services.*.ports.target`.
struct AttributeRules: Sendable {
    /// A key with its outcome, if it has one, and the keys below it.
    private struct Branch: Sendable {
        var outcome: Outcome?
        var children: [String: Branch] = [:]
    }

    private var root = Branch()
    /// The outcome of attributes without one of their own; nil if they have no counterpart.
    let otherwise: Outcome?

    init(_ outcomes: [String: Outcome], otherwise: Outcome? = nil) {
        self.otherwise = otherwise
        for (pattern, outcome) in outcomes {
            insert(outcome, at: pattern.split(separator: ".").map(String.init)[...], in: &root)
        }
    }

    private func insert(_ outcome: Outcome, at path: ArraySlice<String>, in branch: inout Branch) {
        guard let key = path.first else {
            branch.outcome = outcome
            return
        }
        insert(outcome, at: path.dropFirst(), in: &branch.children[key, default: Branch()])
    }

    /// Whether attributes below `pattern` have outcomes of their own.
    func hasChildren(_ pattern: [String]) -> Bool {
        branch(pattern).map { !$0.children.isEmpty } ?? false
    }

    /// Whether the keys below `pattern` are names.
    func hasNames(_ pattern: [String]) -> Bool {
        branch(pattern)?.children["*"] != nil
    }

    func outcome(of pattern: [String]) -> Outcome? { branch(pattern)?.outcome }

    private func branch(_ pattern: [String]) -> Branch? {
        var branch = root
        for key in pattern {
            guard let child = branch.children[key] else { return nil }
            branch = child
        }
        return branch
    }
}
