/// A document or name that violates the OCI specifications.
public struct OCIError: Error, Sendable, Equatable {
    public enum Problem: Sendable, Equatable {
        /// A digest that is not `sha256:` or `sha512:` with lower-case hexadecimal digits.
        case digest
        /// An image reference, with the rule that it breaks.
        case reference(rule: String)
        /// A platform that is not `os`, `os/architecture` or `os/architecture/variant`.
        case platform
        /// A time that is not RFC 3339.
        case timestamp
        /// Malformed JSON, or a document without a required field.
        case document(kind: String, fault: String)
    }

    public var problem: Problem
    /// The invalid text, or the name of the document.
    public var subject: String

    public init(_ problem: Problem, in subject: String) {
        self.problem = problem
        self.subject = subject
    }
}

extension OCIError: CustomStringConvertible {
    public var description: String {
        switch problem {
        case .digest:
            "'\(clipped)' is not a valid digest; use sha256: and 64 lower-case hexadecimal digits"
        case .reference(let rule):
            "'\(clipped)' is not a valid image reference: \(rule); use [HOST[:PORT]/]PATH[:TAG][@DIGEST], "
                + "for example debian:bookworm-slim"
        case .platform:
            "'\(clipped)' is not a valid platform; use os/architecture[/variant], for example linux/amd64"
        case .timestamp:
            "'\(clipped)' is not a valid time; use RFC 3339, for example 2024-05-01T12:00:00Z"
        case .document(let kind, let fault):
            "\(subject.isEmpty ? kind : "\(kind), \(clipped)"): \(fault)"
        }
    }

    /// Hostile text is shown shortened and without control characters.
    private var clipped: String {
        let shown = subject.unicodeScalars.prefix(300).map { scalar in
            scalar.value < 32 || scalar.value == 127 ? "?" : Character(scalar)
        }
        return String(shown) + (subject.unicodeScalars.count > 300 ? "…" : "")
    }
}
