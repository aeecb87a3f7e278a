import FoundationEssentials

/// A JSON document of the image specification, read and written whole.
public protocol JSONDocument: Codable {
    /// What messages call it.
    static var kind: String { get }
}

extension JSONDocument {
    /// Reads the document from its bytes; `name` is where they came from, for messages.
    public init(json bytes: [UInt8], name: String = "") throws(OCIError) {
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(bytes))
        } catch let error as OCIError {
            throw OCIError(
                .document(kind: Self.kind, fault: "\(error)"),
                in: name
            )
        } catch let error as DecodingError {
            throw OCIError(.document(kind: Self.kind, fault: Self.fault(error)), in: name)
        } catch {
            throw OCIError(.document(kind: Self.kind, fault: "\(error)"), in: name)
        }
    }

    /// The document's bytes: the same value always gives the same bytes, hence the same digest.
    public func json() throws(OCIError) -> [UInt8] {
        do {
            return try CanonicalJSON.encode(self)
        } catch {
            throw OCIError(.document(kind: Self.kind, fault: "\(error)"), in: "")
        }
    }

    private static func fault(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context):
            "'\(path(context.codingPath + [key]))' is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "'\(path(context.codingPath))' is of the wrong type"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty
                ? "broken JSON" : "'\(path(context.codingPath))': \(context.debugDescription)"
        @unknown default: "\(error)"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
    }
}

extension String? {
    /// Nil for an empty text, which Go programs write for "not set".
    var nonEmpty: String? { self?.isEmpty == true ? nil : self }
}
