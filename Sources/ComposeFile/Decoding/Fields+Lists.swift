import Notation
import YAML

extension Fields {
    /// A list of strings; a single string is a list of one.
    func strings(_ key: String) throws(ComposeError) -> [String] {
        guard let node = self[key] else { return [] }
        if let text = node.string { return [text] }
        var texts: [String] = []
        for element in node.sequence ?? [] {
            guard let text = element.plainText else { throw expected("a string", element, key) }
            texts.append(text)
        }
        return texts
    }

    /// A command: a list, or a line split as a shell does; nil if absent.
    func command(_ key: String) throws(ComposeError) -> [String]? {
        guard let node = self[key] else { return nil }
        guard let line = node.string else { return try strings(key) }
        guard let words = ShellWords.split(line) else {
            throw invalid(key, "command", "a quote, bracket or escape is unterminated")
        }
        return words
    }

    /// Environment variables: a mapping, or a list of `NAME[=VALUE]`; nil for a name without a value.
    func variables(_ key: String) throws(ComposeError) -> [String: String?] {
        guard let node = self[key] else { return [:] }
        var variables: [String: String?] = [:]
        if let mapping = node.mapping {
            variables.reserveCapacity(mapping.count)
            for entry in mapping {
                variables.updateValue(entry.value.plainText, forKey: entry.key)
            }
            return variables
        }
        for text in try strings(key) {
            let (name, value) = text.nameAndValue
            if name.last?.isWhitespace == true {
                throw invalid(key, text, "variable", "the name ends with whitespace; remove it")
            }
            variables.updateValue(value, forKey: name)
        }
        return variables
    }

    /// Labels or options: a mapping, or a list of `NAME[=VALUE]`; a missing value is empty.
    func labels(_ key: String) throws(ComposeError) -> [String: String] {
        guard let node = self[key] else { return [:] }
        var labels: [String: String] = [:]
        if let mapping = node.mapping {
            labels.reserveCapacity(mapping.count)
            for entry in mapping { labels[entry.key] = entry.value.plainText ?? "" }
            return labels
        }
        for text in try strings(key) {
            let (name, value) = text.nameAndValue
            labels[name] = value ?? ""
        }
        return labels
    }
}
