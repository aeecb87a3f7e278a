/// The parameter `filters`: the wanted values by key.
struct Filters: Sendable, Equatable {
    private(set) var values: [String: [String]] = [:]

    init() {}

    /// Reads `{"label": ["a=b"]}`, or the older form `{"label": {"a=b": true}}`; throws for a key
    /// that is not `known`.
    init(_ query: Query, known: Set<String>) throws(EngineError) {
        let document = try query.document("filters")
        guard document.isNull || document != .null && document.isObject else {
            throw .badRequest("invalid filter")
        }
        for (key, value) in document.object {
            guard known.contains(key) else { throw .badRequest("invalid filter '\(key)'") }
            switch value {
            case .array: values[key] = value.array.compactMap(\.string)
            case .object(let members):
                values[key] = members.filter { $1 == true }.map(\.key).sorted()
            case .null: break
            default: throw .badRequest("invalid filter '\(key)'")
            }
        }
    }

    subscript(key: String) -> [String] { values[key] ?? [] }

    /// Whether no value is asked for, or `isMatch` holds for one of those that are.
    func any(_ key: String, _ isMatch: (String) -> Bool) -> Bool {
        let wanted = self[key]
        return wanted.isEmpty || wanted.contains(where: isMatch)
    }

    /// Whether `labels` has all of the wanted `KEY` and `KEY=VALUE`, and none of those of `label!`.
    func matches(labels: [String: String]) -> Bool {
        self["label"].allSatisfy { Self.has($0, labels) }
            && !self["label!"].contains { Self.has($0, labels) }
    }

    private static func has(_ wanted: String, _ labels: [String: String]) -> Bool {
        let parts = wanted.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let value = labels[String(parts[0])] else { return false }
        return parts.count < 2 || value == parts[1]
    }

    /// A filter that is true or false; nil if it is not given.
    func flag(_ key: String) throws(EngineError) -> Bool? {
        guard let text = self[key].first else { return nil }
        switch text.lowercased() {
        case "1", "t", "true": return true
        case "0", "f", "false": return false
        default: throw .badRequest("invalid filter '\(key)=[\(text)]'")
        }
    }
}

extension JSON {
    fileprivate var isObject: Bool { if case .object = self { true } else { false } }
}
