/// Selects lines by their level.
///
/// A line that states no level, such as one of a stack trace, belongs to the line before it of the
/// same container and stream.
public struct LogFilter {
    private struct Origin: Hashable {
        var source: Int
        var stream: LogStream
    }

    private let minimum: LogLevel
    private var latest: [Origin: LogLevel] = [:]

    /// Selects lines of `minimum` and above.
    public init(minimum: LogLevel) { self.minimum = minimum }

    /// Whether a line is selected, given its level.
    public mutating func accepts(_ line: LogLine, level: LogLevel?) -> Bool {
        let origin = Origin(source: line.source, stream: line.stream)
        if let level { latest[origin] = level }
        return latest[origin].map { $0 >= minimum } ?? false
    }
}
