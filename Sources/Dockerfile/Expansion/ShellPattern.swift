/// The pattern of `${x#p}` and its kin: `*`, `?`, and a backslash before a literal.
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

    /// The same pattern read from its end.
    var reversed: ShellPattern {
        var other = self
        other.elements.reverse()
        return other
    }

    /// Where a match that begins at `start` ends, the nearest or the farthest; nil without one.
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

    /// A star may also stand for nothing.
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
