/// A variable with an operator and its argument.
struct TemplateExpression {
    enum Use {
        /// `-`: the argument replaces a missing value.
        case fallback
        /// `+`: the argument replaces a present value.
        case replacement
        /// `?`: the argument is the message for a missing value.
        case requirement
    }

    var name: String
    var use: Use
    /// Whether an empty value counts as present: the operator has no colon.
    var emptyCounts: Bool
    var argument: ArraySlice<UInt8>
}

/// Splits a string into text and variables.
struct TemplateScanner {
    enum Piece {
        case text(ArraySlice<UInt8>)
        /// `$$`.
        case dollar
        /// `$NAME` or `${NAME}`.
        case variable(String)
        case expression(TemplateExpression)
        /// `${` that is not followed by a valid expression.
        case malformed
    }

    private var rest: ArraySlice<UInt8>
    /// The last `}` of the line that ends at `lineEnd`.
    private var lastBrace: Int?
    private var lineEnd = -1

    init(_ text: ArraySlice<UInt8>) {
        rest = text
    }

    /// Returns the next piece; nil at the end.
    mutating func next() -> Piece? {
        guard !rest.isEmpty else { return nil }
        var end = rest.startIndex
        while end < rest.endIndex, !beginsVariable(at: end) { end += 1 }
        if end > rest.startIndex {
            defer { rest = rest[end...] }
            return .text(rest[..<end])
        }
        switch rest[end + 1] {
        case UInt8(ascii: "$"):
            rest = rest[(end + 2)...]
            return .dollar
        case UInt8(ascii: "{"):
            return braced(from: end + 2)
        default:
            let name = name(at: end + 1)
            rest = rest[name.endIndex...]
            return .variable(String(decoding: name, as: UTF8.self))
        }
    }

    private func beginsVariable(at index: Int) -> Bool {
        guard rest[index] == UInt8(ascii: "$"), index + 1 < rest.endIndex else { return false }
        let next = rest[index + 1]
        return next == UInt8(ascii: "$") || next == UInt8(ascii: "{") || isNameStart(next)
    }

    private mutating func braced(from start: Int) -> Piece {
        let name = name(at: start)
        guard !name.isEmpty else { return .malformed }
        let text = String(decoding: name, as: UTF8.self)
        var cursor = name.endIndex
        if let (use, emptyCounts, length) = anOperator(at: cursor), let last = brace(after: cursor)
        {
            cursor += length
            if last >= cursor {
                let end = closingBrace(from: start) ?? last
                let argument = rest[cursor..<end]
                rest = rest[(end + 1)...]
                let expression = TemplateExpression(
                    name: text,
                    use: use,
                    emptyCounts: emptyCounts,
                    argument: argument
                )
                return .expression(expression)
            }
        }
        guard cursor < rest.endIndex, rest[cursor] == UInt8(ascii: "}") else { return .malformed }
        rest = rest[(cursor + 1)...]
        return .variable(text)
    }

    private func anOperator(
        at index: Int
    )
        -> (TemplateExpression.Use, emptyCounts: Bool, length: Int)?
    {
        guard index < rest.endIndex else { return nil }
        let hasColon = rest[index] == UInt8(ascii: ":")
        let sign = hasColon ? index + 1 : index
        guard sign < rest.endIndex else { return nil }
        let length = hasColon ? 2 : 1
        switch rest[sign] {
        case UInt8(ascii: "-"): return (.fallback, !hasColon, length)
        case UInt8(ascii: "+"): return (.replacement, !hasColon, length)
        case UInt8(ascii: "?"): return (.requirement, !hasColon, length)
        default: return nil
        }
    }

    /// The last closing brace on the line of `index`; nil if there is none after it.
    private mutating func brace(after index: Int) -> Int? {
        if lineEnd <= index {
            let line = rest[index...].prefix { $0 != UInt8(ascii: "\n") }
            lineEnd = line.endIndex
            lastBrace = line.lastIndex(of: UInt8(ascii: "}"))
        }
        return lastBrace.flatMap { $0 > index ? $0 : nil }
    }

    /// The brace that closes the one before `start`; as in docker compose, the character after an
    /// opening brace is never counted.
    private func closingBrace(from start: Int) -> Int? {
        guard let last = lastBrace else { return nil }
        var open = 1
        var index = start + 1
        while index <= last {
            if rest[index] == UInt8(ascii: "}") {
                open -= 1
                if open == 0 { return index }
            } else if rest[index] == UInt8(ascii: "{") {
                open += 1
                index += 1
            }
            index += 1
        }
        return nil
    }

    private func name(at start: Int) -> ArraySlice<UInt8> {
        guard start < rest.endIndex, isNameStart(rest[start]) else { return rest[start..<start] }
        return rest[start...].prefix { isNameStart($0) || isDigit($0) }
    }

    private func isNameStart(_ byte: UInt8) -> Bool {
        let letter = byte | 0x20
        return byte == UInt8(ascii: "_")
            || (letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z"))
    }

    private func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
}
