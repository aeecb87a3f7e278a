/// Interpolation of a string with variables: `$NAME`, `${NAME}`, and `${NAME…}` with one of six
/// operators.
///
/// Source: Compose Specification, interpolation.
struct Template {
    /// Returns the value of a variable; nil if it is not set.
    let lookup: (String) -> String?
    /// The variables without operator that are not set.
    private(set) var unset: [String] = []
    private var depth = 0

    static let depthLimit = 64

    init(lookup: @escaping (String) -> String?) {
        self.lookup = lookup
    }

    /// Replaces the variables in a string by their values.
    mutating func substitute(_ text: String) throws(TemplateError) -> String {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
        return String(decoding: try substitute(Array(text.utf8)[...]), as: UTF8.self)
    }

    private mutating func substitute(_ text: ArraySlice<UInt8>) throws(TemplateError) -> [UInt8] {
        guard depth < Template.depthLimit else { throw .tooDeep(limit: Template.depthLimit) }
        depth += 1
        defer { depth -= 1 }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var scanner = TemplateScanner(text)
        while let piece = scanner.next() {
            switch piece {
            case .text(let plain): result += plain
            case .dollar: result.append(UInt8(ascii: "$"))
            case .malformed: throw .malformed(String(decoding: text, as: UTF8.self))
            case .variable(let name): result += plain(name)
            case .expression(let expression): result += try value(of: expression)
            }
        }
        return result
    }

    private mutating func plain(_ name: String) -> String.UTF8View {
        if let value = lookup(name) { return value.utf8 }
        unset.append(name)
        return "".utf8
    }

    /// Evaluates an expression; its argument is always evaluated, as in docker compose.
    private mutating func value(
        of expression: TemplateExpression
    ) throws(TemplateError)
        -> [UInt8]
    {
        let argument = try substitute(expression.argument)
        let value = lookup(expression.name)
        let isPresent = expression.emptyCounts ? value != nil : value?.isEmpty == false
        switch expression.use {
        case .replacement: return isPresent ? argument : Array((value ?? "").utf8)
        case .fallback: return isPresent ? Array((value ?? "").utf8) : argument
        case .requirement:
            guard isPresent else {
                let reason = String(decoding: argument, as: UTF8.self)
                throw .required(name: expression.name, reason: reason)
            }
            return Array((value ?? "").utf8)
        }
    }
}
