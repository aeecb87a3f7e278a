/// A use of a variable, as `config --variables` lists it.
public struct TemplateVariable: Sendable, Equatable {
    public var name: String
    /// Whether `?` requires a value.
    public var isRequired = false
    /// The argument of `-`.
    public var defaultValue = ""
    /// The argument of `+`.
    public var alternateValue = ""
}

extension TemplateVariable {
    /// The variables of a string, including those in default and alternate values.
    static func all(in text: String) -> [TemplateVariable] {
        all(in: Array(text.utf8)[...], depth: 0)
    }

    private static func all(in text: ArraySlice<UInt8>, depth: Int) -> [TemplateVariable] {
        guard depth < Template.depthLimit else { return [] }
        var variables: [TemplateVariable] = []
        var scanner = TemplateScanner(text)
        while let piece = scanner.next() {
            switch piece {
            case .variable(let name):
                variables.append(TemplateVariable(name: name))
            case .expression(let expression):
                variables.append(TemplateVariable(expression))
                if expression.use != .requirement {
                    variables += all(in: expression.argument, depth: depth + 1)
                }
            case .malformed: return variables
            case .text, .dollar: continue
            }
        }
        return variables
    }

    private init(_ expression: TemplateExpression) {
        name = expression.name
        let argument = String(decoding: expression.argument, as: UTF8.self)
        switch expression.use {
        case .fallback: defaultValue = argument
        case .replacement: alternateValue = argument
        case .requirement: isRequired = true
        }
    }
}
