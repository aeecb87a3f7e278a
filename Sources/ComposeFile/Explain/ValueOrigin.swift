/// The origin of a variable's or attribute's value, and the values that it took precedence over.
public struct ValueOrigin: Sendable, Equatable, Encodable {
    /// One place that assigns a value.
    public struct Place: Sendable, Equatable, Encodable {
        /// `compose.yaml:4:13`, `.env:2`, or `the shell`.
        public var source: String
        /// The value as written there, with its variables.
        public var text: String

        public init(_ source: String, _ text: String) {
            self.source = source
            self.text = text
        }
    }

    /// The variable, or the path of the attribute, such as `services.web.environment.MODE`.
    public var name: String
    /// The value in effect; for an attribute as JSON. Nil for a variable that is not set.
    public var value: String?
    /// The places that assign it, the one in effect first; empty for a default.
    public var places: [Place]
    /// Lists and mappings are merged, so that all places contribute.
    public var isMerged = false
    /// The variables in the value in effect.
    public var variables: [ValueOrigin] = []
    /// The places in the Compose files that use a variable.
    public var uses: [Place] = []
}

extension ValueOrigin {
    /// The lines for people, without the indentation of the first.
    public var lines: [String] {
        var lines = ["\(name) " + (value.map { "= \($0)" } ?? "is not set")]
        for (index, place) in places.enumerated() {
            let verb = index == 0 ? "from" : isMerged ? "merged with" : "hides"
            let isRepetition = index == 0 && place.text == value
            lines.append("  \(verb) \(place.source)" + (isRepetition ? "" : ": \(place.text)"))
        }
        if places.isEmpty, value != nil { lines.append("  by default") }
        lines += uses.map { "  used at \($0.source): \($0.text)" }
        return lines + variables.flatMap(\.lines).map { "  \($0)" }
    }
}
