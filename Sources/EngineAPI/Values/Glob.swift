/// A pattern for names: `*` and `?` match within a part between slashes, `[a-z]` a character of a
/// set, `[^a-z]` any other. Source: Go, `path.Match`, by which dockerd selects references.
struct Glob: Sendable, Equatable {
    private enum Element: Sendable, Equatable {
        case character(Character)
        case anyCharacter
        case anyText
        case set([ClosedRange<Character>], isNegated: Bool)
    }

    private var elements: [Element] = []

    /// Throws for an incomplete set or escape.
    init(_ pattern: String) throws(EngineError) {
        let fault = EngineError.badRequest("invalid filter 'reference=[\(pattern)]'")
        var rest = pattern[...]
        while let next = rest.popFirst() {
            switch next {
            case "*": elements.append(.anyText)
            case "?": elements.append(.anyCharacter)
            case "\\":
                guard let escaped = rest.popFirst() else { throw fault }
                elements.append(.character(escaped))
            case "[":
                guard let set = Self.takeSet(from: &rest) else { throw fault }
                elements.append(set)
            default: elements.append(.character(next))
            }
        }
    }

    private static func takeSet(from rest: inout Substring) -> Element? {
        let isNegated = rest.first == "^"
        if isNegated { rest.removeFirst() }
        var ranges: [ClosedRange<Character>] = []
        while let first = rest.popFirst() {
            if first == "]", !ranges.isEmpty { return .set(ranges, isNegated: isNegated) }
            guard rest.first == "-" else {
                ranges.append(first...first)
                continue
            }
            rest.removeFirst()
            guard let last = rest.popFirst(), first <= last else { return nil }
            ranges.append(first...last)
        }
        return nil
    }

    /// Whether the pattern matches all of `text`.
    func matches(_ text: String) -> Bool {
        let text = Array(text)
        // The places in `text` that the elements so far can have reached.
        var places: Set<Int> = [0]
        for element in elements {
            places = places.reduce(into: []) { reached, place in
                if case .anyText = element {
                    let end = text[place...].firstIndex(of: "/") ?? text.count
                    reached.formUnion(place...end)
                } else if place < text.count, Self.matches(element, text[place]) {
                    reached.insert(place + 1)
                }
            }
        }
        return places.contains(text.count)
    }

    private static func matches(_ element: Element, _ character: Character) -> Bool {
        switch element {
        case .character(let expected): character == expected
        case .anyCharacter, .anyText: character != "/"
        case .set(let ranges, let isNegated):
            ranges.contains { $0.contains(character) } != isNegated
        }
    }
}
