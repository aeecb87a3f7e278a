import FoundationEssentials

/// A JSON document of the image specification.
public protocol JSONDocument: Codable {
    /// The name of the document type in messages.
    static var kind: String { get }
}

extension JSONDocument {
    /// Decodes the document; `name` is its origin, for messages.
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

    /// Encodes the document; equal values give equal bytes, and therefore equal digests.
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
            "'\(path(context.codingPath))' has the wrong type"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty
                ? "malformed JSON" : "'\(path(context.codingPath))': \(context.debugDescription)"
        @unknown default: "\(error)"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
    }
}

extension String? {
    /// Nil for an empty string, which Go programs write for "not set".
    var nonEmpty: String? { self?.isEmpty == true ? nil : self }
}
