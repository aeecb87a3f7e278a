import Linux

/// The part of Go's template language that formats lists: fields, a few functions, pipes.
///
/// `{{.Name}}`, `{{json .}}`, `{{upper .State}}`, `{{.Name | lower}}`, `{{.Label "key"}}`,
/// `{{truncate .ID 5}}`, `{{join .Publishers ","}}`, `{{- … -}}`.
/// Source: https://pkg.go.dev/text/template and docker's "Format command and log output".
struct GoTemplate: Equatable {
    private enum Part: Equatable {
        case text(String)
        case action(TemplateAction)
    }

    private var parts: [Part] = []

    /// Parses `text`; throws on syntax outside this part.
    init(_ text: String) throws(TemplateError) {
        var rest = Substring(text)
        var isTrimming = false
        while let start = rest.range(of: "{{") {
            var action = rest[start.upperBound...]
            guard let end = action.range(of: "}}") else {
                throw TemplateError(.unclosed, in: text)
            }
            add(rest[..<start.lowerBound], trimmed: isTrimming)
            rest = action[end.upperBound...]
            action = action[..<end.lowerBound]
            if action.hasPrefix("- ") {
                action = action.dropFirst(2)
                trimLast()
            }
            isTrimming = action.hasSuffix(" -")
            if isTrimming { action = action.dropLast(2) }
            if action.hasPrefix("/*") { continue }
            parts.append(.action(try TemplateAction(String(action), in: text)))
        }
        add(rest, trimmed: isTrimming)
    }

    private mutating func add(_ text: Substring, trimmed: Bool) {
        let text = trimmed ? text.drop(while: \.isWhitespace) : text
        if !text.isEmpty { parts.append(.text(String(text))) }
    }

    private mutating func trimLast() {
        guard case .text(var text) = parts.last else { return }
        while text.last?.isWhitespace == true { text.removeLast() }
        parts[parts.count - 1] = .text(text)
    }

    /// Returns the template applied to `value`, its fields safe to print.
    func text(of value: TemplateValue) throws(TemplateError) -> String {
        var filled = ""
        for part in parts {
            switch part {
            case .text(let text): filled += text
            case .action(let action):
                filled += (try action.value(of: value).text)
                    .escapedForTerminal(keepingNewlines: true)
            }
        }
        return filled
    }

    /// Returns the template with a heading in place of each action.
    func headings(_ headings: [String: String]) -> String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .action(let action):
                action.field.map { headings[$0] ?? $0.uppercased() } ?? ""
            }
        }.joined()
    }
}

extension Substring {
    /// Returns the first range of `word`.
    fileprivate func range(of word: String) -> Range<Index>? { firstRange(of: word) }
}

/// An invalid template.
struct TemplateError: Error, Equatable {
    enum Problem: Equatable {
        case unclosed
        case unreadable(String)
        case unknownFunction(String)
        case unknownField(String, known: [String])
        case wrongArguments(String, wanted: String)
    }

    var problem: Problem
    var template: String

    init(_ problem: Problem, in template: String) {
        self.problem = problem
        self.template = template
    }
}

extension TemplateError: CustomStringConvertible {
    var description: String {
        switch problem {
        case .unclosed: "--format '\(template)': '{{' without '}}'"
        case .unreadable(let word):
            "--format '\(template)': '\(word)' is not supported; "
                + "use fields such as {{.Name}}, {{json .}} or {{.Name | upper}}"
        case .unknownFunction(let name):
            "--format '\(template)': function \"\(name)\" not defined; known functions: "
                + TemplateFunction.allCases.map(\.rawValue).joined(separator: ", ")
        case .unknownField(let name, let known):
            "--format '\(template)': unknown field '\(name)'; known fields: "
                + known.joined(separator: ", ")
        case .wrongArguments(let function, let wanted):
            "--format '\(template)': \(function) needs \(wanted)"
        }
    }
}
