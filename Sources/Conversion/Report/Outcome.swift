/// The treatment of an attribute by a conversion.
public enum Outcome: Sendable, Equatable {
    /// The target has the same setting, at the given place.
    case carried(String)
    /// The result resembles the attribute; the text describes how.
    case approximated(String)
    /// The attribute has no effect on the result; the text names a remedy.
    case missing(String)

    /// The outcome as the report prints it.
    public var title: String {
        switch self {
        case .carried: "carried over"
        case .approximated: "approximated"
        case .missing: "no counterpart"
        }
    }

    /// The place, manner or remedy.
    public var detail: String {
        switch self {
        case .carried(let text), .approximated(let text), .missing(let text): text
        }
    }
}
