/// The text between `{{` and `}}`: calls, each of which passes its result to the next.
struct TemplateAction: Equatable {
    private enum Word: Equatable {
        case field([String])
        case literal(TemplateValue)
        case function(TemplateFunction)
        case label(String)
    }

    private var calls: [[Word]] = []
    private let template: String

    init(_ text: String, in template: String) throws(TemplateError) {
        self.template = template
        var call: [Word] = []
        for token in try Self.tokens(text, in: template) {
            if token == "|" {
                calls.append(call)
                call = []
            } else if case .field(["Label"]) = call.last, token.hasPrefix("\"") {
                call[call.count - 1] = .label(String(token.dropFirst()))
            } else {
                call.append(try Self.word(token, in: template))
            }
        }
        calls.append(call)
        if calls.contains(where: \.isEmpty) {
            throw TemplateError(.unreadable("{{\(text)}}"), in: template)
        }
    }

    /// The field whose heading the column has.
    var field: String? {
        for case .field(let names) in calls.joined() { return names.first }
        for case .label(let name) in calls.joined() { return name }
        return nil
    }

    /// Returns the words; a string begins with a quotation mark and has no closing one.
    private static func tokens(
        _ text: String,
        in template: String
    ) throws(TemplateError) -> [String] {
        var (tokens, rest) = ([String](), Substring(text))
        while let first = rest.first {
            if first.isWhitespace {
                rest.removeFirst()
            } else if first == "|" {
                tokens.append("|")
                rest.removeFirst()
            } else if first == "\"" || first == "`" {
                let inner = rest.dropFirst()
                guard let end = inner.firstIndex(of: first) else {
                    throw TemplateError(.unreadable(String(rest)), in: template)
                }
                tokens.append("\"" + inner[..<end])
                rest = inner[inner.index(after: end)...]
            } else {
                let word = rest.prefix { !$0.isWhitespace && $0 != "|" }
                tokens.append(String(word))
                rest = rest.dropFirst(word.count)
            }
        }
        return tokens
    }

    private static func word(_ token: String, in template: String) throws(TemplateError) -> Word {
        if token.hasPrefix("\"") { return .literal(.string(String(token.dropFirst()))) }
        if let number = Int64(token) { return .literal(.integer(number)) }
        if token.hasPrefix(".") {
            return .field(token.split(separator: ".").map(String.init))
        }
        guard token.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else {
            throw TemplateError(.unreadable(token), in: template)
        }
        guard let function = TemplateFunction(rawValue: token) else {
            throw TemplateError(.unknownFunction(token), in: template)
        }
        return .function(function)
    }

    /// Returns the action's value for `subject`.
    func value(of subject: TemplateValue) throws(TemplateError) -> TemplateValue {
        var result: TemplateValue?
        for call in calls {
            var arguments: [TemplateValue] = []
            var function: TemplateFunction?
            for (index, word) in call.enumerated() {
                if index == 0, case .function(let name) = word {
                    function = name
                } else {
                    arguments.append(try value(of: word, subject))
                }
            }
            if let result { arguments.append(result) }
            if let function {
                result = try apply(function, arguments)
            } else if arguments.count == 1 {
                result = arguments[0]
            } else {
                throw TemplateError(.wrongArguments("a value", wanted: "no argument"), in: template)
            }
        }
        return result ?? .nothing
    }

    private func value(
        of word: Word,
        _ subject: TemplateValue
    ) throws(TemplateError) -> TemplateValue {
        switch word {
        case .literal(let value): return value
        case .function(let function):
            throw TemplateError(.unreadable(function.rawValue), in: template)
        case .label(let name): return .string(Self.label(name, of: subject))
        case .field(let names):
            var value = subject
            for name in names {
                guard let inner = value[name] else {
                    guard case .object(let fields) = value else {
                        throw TemplateError(.unknownField(name, known: []), in: template)
                    }
                    let known = fields.keys.sorted()
                    throw TemplateError(.unknownField(name, known: known), in: template)
                }
                value = inner
            }
            return value
        }
    }

    /// Returns the value of a label in `a=1,b=2`.
    private static func label(_ name: String, of subject: TemplateValue) -> String {
        let labels = subject["Labels"]?.text.split(separator: ",") ?? []
        let found = labels.first { $0.hasPrefix("\(name)=") }
        return found.map { String($0.dropFirst(name.count + 1)) } ?? ""
    }

    private func apply(
        _ function: TemplateFunction,
        _ arguments: [TemplateValue]
    ) throws(TemplateError) -> TemplateValue {
        guard let result = function.apply(arguments) else {
            throw TemplateError(
                .wrongArguments(function.rawValue, wanted: function.wanted),
                in: template
            )
        }
        return result
    }
}

/// The functions of templates, by docker's names.
enum TemplateFunction: String, CaseIterable {
    case json
    case upper
    case lower
    case title
    case println
    case len
    case join
    case split
    case truncate

    /// A description of the arguments.
    var wanted: String {
        switch self {
        case .json, .upper, .lower, .title, .println, .len: "one value"
        case .join, .split: "a value and a separator"
        case .truncate: "a value and a length"
        }
    }

    /// Returns the result; nil if the arguments do not match.
    func apply(_ arguments: [TemplateValue]) -> TemplateValue? {
        switch (self, arguments.first, arguments.dropFirst().first, arguments.count) {
        case (.json, let value?, nil, 1): .string(value.json)
        case (.upper, let value?, nil, 1): .string(value.text.uppercased())
        case (.lower, let value?, nil, 1): .string(value.text.lowercased())
        case (.title, let value?, nil, 1):
            .string(value.text.prefix(1).uppercased() + value.text.dropFirst())
        case (.println, let value?, nil, 1): .string(value.text + "\n")
        case (.len, .list(let list)?, nil, 1): .integer(Int64(list.count))
        case (.len, let value?, nil, 1): .integer(Int64(value.text.utf8.count))
        case (.join, .list(let list)?, .string(let separator)?, 2):
            .string(list.map(\.text).joined(separator: separator))
        case (.split, .string(let text)?, .string(let separator)?, 2) where !separator.isEmpty:
            .list(text.split(separator: separator).map { .string(String($0)) })
        case (.truncate, let value?, .integer(let length)?, 2):
            .string(String(value.text.prefix(Int(clamping: max(0, length)))))
        default: nil
        }
    }
}
