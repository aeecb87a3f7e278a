/// A pattern of `${x#p}` and similar expansions: `*`, `?`, and a backslash before a literal.
struct ShellPattern {
    private enum Element {
        case literal(Unicode.Scalar)
        case any
        case anything
    }

    private var elements: [Element] = []

    init(_ text: ArraySlice<Unicode.Scalar>) {
        var rest = text
        while let scalar = rest.popFirst() {
            switch scalar {
            case "*": elements.append(.anything)
            case "?": elements.append(.any)
            case "\\": elements.append(.literal(rest.popFirst() ?? "\\"))
            default: elements.append(.literal(scalar))
            }
        }
    }

    /// The pattern that matches reversed text.
    var reversed: ShellPattern {
        var other = self
        other.elements.reverse()
        return other
    }

    /// The end of the shortest or longest match that begins at `start`; nil if there is none.
    func end(in text: [Unicode.Scalar], from start: Int, longest: Bool) -> Int? {
        var states = closure([0])
        var found = states.contains(elements.count) ? start : nil
        if found != nil, !longest { return found }
        for index in start..<text.count {
            var next: Set<Int> = []
            for state in states where state < elements.count {
                switch elements[state] {
                case .literal(let scalar) where scalar == text[index]: next.insert(state + 1)
                case .literal: break
                case .any: next.insert(state + 1)
                case .anything: next.insert(state)
                }
            }
            states = closure(next)
            if states.isEmpty { break }
            if states.contains(elements.count) {
                found = index + 1
                if !longest { return found }
            }
        }
        return found
    }

    /// Adds the states that are reached without consuming a scalar.
    private func closure(_ states: Set<Int>) -> Set<Int> {
        var states = states
        var pending = Array(states)
        while let state = pending.popLast() {
            guard state < elements.count, case .anything = elements[state] else { continue }
            if states.insert(state + 1).inserted { pending.append(state + 1) }
        }
        return states
    }
}
