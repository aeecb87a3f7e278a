import ArgumentParser
import Notation
import OCI
import Orchestrator

/// Times as `--since` and `--until` accept them.
enum TimeArgument {
    /// RFC 3339 with or without time of day and zone, Unix seconds with fraction, or an age like
    /// `1h30m`; nil for anything else.
    static func moment(_ text: String, now: Timestamp) -> Timestamp? {
        // The forms are tried in turn; the caller reports a text that has none of them.
        if let exact = try? Timestamp(text) { return exact }
        if let utc = try? Timestamp(text + "Z") { return utc }
        if let day = try? Timestamp(text + "T00:00:00Z") { return day }
        if let seconds = unixSeconds(text) { return seconds }
        return GoDuration.duration(of: text).map { now.moved(by: .zero - $0) }
    }

    /// Returns the time that an option gives; throws if it is invalid.
    static func required(_ text: String, _ option: String, now: Timestamp) throws -> Timestamp {
        if let moment = moment(text, now: now) { return moment }
        throw ValidationError(
            "\(option): '\(text)' is not a valid time; use a timestamp such as 2026-01-31T12:00:00Z, "
                + "Unix seconds or a relative time such as 42m"
        )
    }

    private static func unixSeconds(_ text: String) -> Timestamp? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let seconds = parts.first.flatMap({ Int64($0) }) else { return nil }
        guard parts.count == 2 else { return Timestamp(seconds: seconds) }
        let digits = parts[1].prefix(9)
        guard let fraction = Int32(digits), fraction >= 0 else { return nil }
        let scale = (digits.count..<9).reduce(Int32(1)) { scale, _ in scale * 10 }
        return Timestamp(seconds: seconds, nanoseconds: fraction * scale)
    }
}

extension Timestamp {
    /// Returns the time `duration` later.
    func moved(by duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        let fraction = Int64(nanoseconds) + attoseconds / 1_000_000_000
        let carry = fraction < 0 ? -1 : fraction / 1_000_000_000
        return Timestamp(
            seconds: self.seconds + seconds + carry,
            nanoseconds: Int32(fraction - carry * 1_000_000_000)
        )
    }
}
