/// Outcomes that depend on an attribute's value and replace the usual one.
struct Notes {
    private var outcomes: [[String]: Outcome] = [:]

    subscript(path: [String]) -> Outcome? {
        get { outcomes[path] }
        set { outcomes[path] = newValue }
    }

    mutating func approximate(_ path: [String], _ manner: String) {
        outcomes[path] = .approximated(manner)
    }

    mutating func miss(_ path: [String], _ remedy: String) {
        outcomes[path] = .missing(remedy)
    }
}
