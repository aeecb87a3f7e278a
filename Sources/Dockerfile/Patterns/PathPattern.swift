/// A pattern for paths in which `*` and `?` do not match `/`; `**` optionally does.
///
/// Source: Go, package path/filepath, `Match`; moby's patternmatcher.
public struct PathPattern: Sendable, Equatable {
    private enum Element: Sendable, Equatable {
        case literal(Unicode.Scalar)
        case one
        case many
        /// `**` at the end: any text.
        case everything
        /// Precedes `folders`, which it makes optional.
        case optional
        /// `**/`: any number of folders.
        case folders
        case set([ClosedRange<Unicode.Scalar>], isNegated: Bool)
    }

    private let elements: [Element]

    /// Nil for an invalid pattern, such as one with an open bracket or a backslash at the end.
    public init?(_ text: String, crossesFolders: Bool = false) {
        var elements: [Element] = []
        var rest = text.scalarSlice
        while let scalar = rest.popFirst() {
            switch scalar {
            case "*":
                let star = Self.star(&rest, crossesFolders: crossesFolders)
                if star == .folders { elements.append(.optional) }
                elements.append(star)
            case "?": elements.append(.one)
            case "[":
                guard let set = Self.set(&rest) else { return nil }
                elements.append(set)
            case "\\":
                guard let next = rest.popFirst() else { return nil }
                elements.append(.literal(next))
            default: elements.append(.literal(scalar))
            }
        }
        self.elements = elements
    }

    /// Whether the whole of `path` matches.
    public func matches(_ path: String) -> Bool {
        var states = closure([0])
        for scalar in path.unicodeScalars {
            var next: Set<Int> = []
            for state in states where state < elements.count {
                advance(state, over: scalar, into: &next)
            }
            states = closure(next)
            if states.isEmpty { return false }
        }
        return states.contains(elements.count)
    }

    private func advance(_ state: Int, over scalar: Unicode.Scalar, into next: inout Set<Int>) {
        switch elements[state] {
        case .literal(let letter): if letter == scalar { next.insert(state + 1) }
        case .one: if scalar != "/" { next.insert(state + 1) }
        case .many: if scalar != "/" { next.insert(state) }
        case .optional: break
        case .everything: next.insert(state)
        case .folders:
            next.insert(state)
            if scalar == "/" { next.insert(state + 1) }
        case .set(let ranges, let isNegated):
            if scalar != "/", ranges.contains(where: { $0.contains(scalar) }) != isNegated {
                next.insert(state + 1)
            }
        }
    }

    /// Adds the states that are reached without consuming a scalar.
    private func closure(_ states: Set<Int>) -> Set<Int> {
        var states = states
        var pending = Array(states)
        while let state = pending.popLast() {
            guard state < elements.count else { continue }
            let reached: [Int]
            switch elements[state] {
            case .many, .everything: reached = [state + 1]
            case .optional: reached = [state + 1, state + 2]
            default: reached = []
            }
            for other in reached where states.insert(other).inserted { pending.append(other) }
        }
        return states
    }

    private static func star(
        _ rest: inout ArraySlice<Unicode.Scalar>,
        crossesFolders: Bool
    ) -> Element {
        guard crossesFolders, rest.first == "*" else {
            while rest.first == "*" { rest.removeFirst() }
            return .many
        }
        while rest.first == "*" { rest.removeFirst() }
        guard rest.first == "/" else { return .everything }
        rest.removeFirst()
        return rest.isEmpty ? .everything : .folders
    }

    private static func set(_ rest: inout ArraySlice<Unicode.Scalar>) -> Element? {
        let isNegated = rest.first == "^"
        if isNegated { rest.removeFirst() }
        var ranges: [ClosedRange<Unicode.Scalar>] = []
        while rest.first != "]" || ranges.isEmpty {
            guard let low = setLetter(&rest) else { return nil }
            var high = low
            if rest.first == "-" {
                rest.removeFirst()
                guard let letter = setLetter(&rest), letter >= low else { return nil }
                high = letter
            }
            ranges.append(low...high)
        }
        rest.removeFirst()
        return .set(ranges, isNegated: isNegated)
    }

    private static func setLetter(_ rest: inout ArraySlice<Unicode.Scalar>) -> Unicode.Scalar? {
        guard let scalar = rest.popFirst(), scalar != "-", scalar != "]" else { return nil }
        return scalar == "\\" ? rest.popFirst() : scalar
    }
}
