import YAML

/// A value that differs between two models of a service.
public struct AttributeChange: Sendable, Equatable, Codable {
    /// The keys from the service, such as `environment.MODE` or `ports[0].target`.
    public var path: String
    /// As JSON; nil if the former model lacks it.
    public var old: String?
    /// As JSON; nil if the new model lacks it.
    public var new: String?

    public init(path: String, old: String?, new: String?) {
        self.path = path
        self.old = old
        self.new = new
    }
}

extension AttributeChange: CustomStringConvertible {
    /// `environment.MODE: "a" → "b"`; values that look like secrets are not shown.
    public var description: String {
        let last = path.split(separator: ".").last?.lowercased() ?? ""
        let isSecret = Self.secretWords.contains { last.contains($0) }
        guard !isSecret else { return "\(path) changed" }
        return switch (old, new) {
        case (nil, let new?): "\(path): added \(new)"
        case (let old?, nil): "\(path): removed \(old)"
        case (let old, let new): "\(path): \(old ?? "") → \(new ?? "")"
        }
    }

    private static let secretWords = ["password", "passwd", "secret", "token", "key", "credential"]
}

extension Value {
    /// Parses JSON text; nil if it is invalid.
    public init?(parsingJSON text: String) {
        // JSON is a subset of YAML.
        let documents = try? YAMLDocument.all(in: Array(text.utf8), file: "")
        guard let node = documents?.first?.root else { return nil }
        self.init(node)
    }

    /// The value as JSON on one line.
    public var compactJSON: String {
        String(decoding: JSONWriter.bytes(of: self, indented: false), as: UTF8.self)
    }

    /// The values that differ from those of `other`, the new model, in the order of its keys.
    public func changes(to other: Value) -> [AttributeChange] { changes(to: other, at: "") }

    private func changes(to other: Value, at path: String) -> [AttributeChange] {
        switch (self, other) {
        case (.object(let old), .object(let new)):
            let keys =
                new.map(\.key) + old.map(\.key).filter { key in !new.contains { $0.key == key } }
            return keys.flatMap { key in
                Self.changes(
                    old.first { $0.key == key }?.value,
                    new.first { $0.key == key }?.value,
                    at: path.isEmpty ? key : "\(path).\(key)"
                )
            }
        case (.list(let old), .list(let new)) where old.count == new.count:
            return zip(old, new).enumerated().flatMap { place, pair in
                pair.0.changes(to: pair.1, at: "\(path)[\(place)]")
            }
        default:
            return compactJSON == other.compactJSON
                ? [] : [AttributeChange(path: path, old: compactJSON, new: other.compactJSON)]
        }
    }

    private static func changes(_ old: Value?, _ new: Value?, at path: String) -> [AttributeChange]
    {
        switch (old ?? .null, new ?? .null) {
        case (.null, .null): []
        case (.null, let new): [AttributeChange(path: path, old: nil, new: new.compactJSON)]
        case (let old, .null): [AttributeChange(path: path, old: old.compactJSON, new: nil)]
        case (let old, let new): old.changes(to: new, at: path)
        }
    }
}
