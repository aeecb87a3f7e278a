import ComposeFile
import YAML

/// The keys of an extension field, all of which are known.
struct ExtensionKeys {
    private let name: String
    private let values: [String: Value]
    private let location: SourceLocation?

    init(
        _ value: Value,
        _ name: String,
        known: [String],
        at location: SourceLocation?
    ) throws(ConversionError) {
        self.name = name
        self.location = location
        guard case .object(let members) = value else {
            let problem = ConversionError.Problem.invalidValue(
                key: name,
                found: value.yaml.trimmed,
                expected: "a mapping"
            )
            throw ConversionError(problem, at: location)
        }
        if let unknown = members.first(where: { !known.contains($0.key) }) {
            throw ConversionError(
                .unknownKey("\(name).\(unknown.key)", known: known),
                at: location
            )
        }
        values = Dictionary(members.map { ($0.key, $0.value) }) { $1 }
    }

    func text(_ key: String) throws(ConversionError) -> String? {
        switch values[key] {
        case nil, .null?: nil
        case .string(let text)?: text
        case .integer(let number)?: String(number)
        case let value?: throw invalid(key, value.yaml.trimmed, "a string")
        }
    }

    func integer(_ key: String) throws(ConversionError) -> Int? {
        guard let text = try text(key) else { return nil }
        guard let number = Int(text), (0...Int(Int32.max)).contains(number) else {
            throw invalid(key, text, "a whole number")
        }
        return number
    }

    func texts(_ key: String) throws(ConversionError) -> [String]? {
        guard let value = values[key] else { return nil }
        guard case .list(let elements) = value else {
            throw invalid(key, value.yaml.trimmed, "a list")
        }
        return elements.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    func word(_ key: String, _ words: [String]) throws(ConversionError) -> String? {
        guard let text = try text(key) else { return nil }
        guard words.contains(text) else {
            throw invalid(key, text, "one of \(words.joined(separator: ", "))")
        }
        return text
    }

    func section(_ key: String, _ known: [String]) throws(ConversionError) -> ExtensionKeys? {
        guard let value = values[key] else { return nil }
        return try ExtensionKeys(value, "\(name).\(key)", known: known, at: location)
    }

    func invalid(_ key: String, _ found: String, _ expected: String) -> ConversionError {
        let problem = ConversionError.Problem.invalidValue(
            key: "\(name).\(key)",
            found: found,
            expected: expected
        )
        return ConversionError(problem, at: location)
    }
}

extension String {
    /// The text without its final newline.
    fileprivate var trimmed: String { hasSuffix("\n") ? String(dropLast()) : self }
}
