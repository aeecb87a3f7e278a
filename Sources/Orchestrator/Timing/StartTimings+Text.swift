extension StartTimings {
    /// The timings for people: the critical path first, then everything else.
    public var text: String {
        let critical = criticalPath
        let others = spans.filter { !critical.contains($0) }
        let width = spans.map(\.object.count).max() ?? 0
        var lines = ["up took \(Self.seconds(total)); the critical path:"]
        lines += critical.map { Self.line($0, width) }
        if !others.isEmpty {
            lines.append("besides it:")
            lines += others.map { Self.line($0, width) }
        }
        return lines.joined(separator: "\n")
    }

    private static func line(_ span: Span, _ width: Int) -> String {
        let gap = String(repeating: " ", count: width - span.object.count)
        return "  at \(seconds(span.begin))  \(seconds(span.duration))  "
            + "\(span.object)\(gap)  \(span.activity)"
    }

    /// `0.024 s`.
    static func seconds(_ duration: Duration) -> String {
        let milliseconds = duration.milliseconds
        let fraction = String(milliseconds % 1000 + 1000).dropFirst()
        return "\(milliseconds / 1000).\(fraction) s"
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}

extension StartTimings: Encodable {
    private struct Entry: Encodable {
        var object: String
        var activity: String
        /// In seconds since the beginning of the command.
        var begin: Double
        /// In seconds.
        var duration: Double
        var isCritical: Bool
    }

    private enum CodingKeys: String, CodingKey {
        case operations
        case total
    }

    public func encode(to encoder: any Encoder) throws {
        let critical = criticalPath
        var json = encoder.container(keyedBy: CodingKeys.self)
        try json.encode(Double(total.milliseconds) / 1000, forKey: .total)
        try json.encode(
            spans.map { span in
                Entry(
                    object: span.object,
                    activity: span.activity,
                    begin: Double(span.begin.milliseconds) / 1000,
                    duration: Double(span.duration.milliseconds) / 1000,
                    isCritical: critical.contains(span)
                )
            },
            forKey: .operations
        )
    }
}
