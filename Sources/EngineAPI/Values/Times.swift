import Notation
import OCI
import Orchestrator

extension Timestamp {
    /// Go's zero time, which stands for "never" in the Engine API.
    static let goZeroText = "0001-01-01T00:00:00Z"

    /// RFC 3339 with nanoseconds; Go's zero time for nil.
    static func text(_ time: Timestamp?) -> JSON {
        .string(time.map(\.nineDigits) ?? goZeroText)
    }

    /// Parses `SECONDS[.NANOSECONDS]`, RFC 3339, or a Go duration that counts back from now.
    init(parameter text: String) throws(EngineError) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        if let seconds = Int64(parts[0]) {
            let digits = parts.count > 1 ? String(parts[1].prefix(9)) : ""
            let padded = digits + String(repeating: "0", count: 9 - digits.count)
            guard let nanoseconds = Int32(padded) else { throw Self.fault(text) }
            self.init(seconds: seconds, nanoseconds: nanoseconds)
            return
        }
        if let duration = GoDuration.duration(of: text) {
            self.init(seconds: Timestamp.now.seconds - duration.components.seconds)
            return
        }
        do {
            try self.init(text)
        } catch {
            throw Self.fault(text)
        }
    }

    private static func fault(_ text: String) -> EngineError {
        .badRequest("invalid timestamp '\(text)': use seconds, RFC 3339 or a duration")
    }
}

extension Duration {
    /// The number of nanoseconds, which is how the Engine API writes a duration.
    var nanosecondsClamped: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : product + attoseconds / 1_000_000_000
    }
}
