public import YAML

/// The treatment of every attribute of a project by a conversion.
public struct ConversionReport: Sendable, Equatable {
    /// The treatment of one attribute.
    public struct Entry: Sendable, Equatable {
        /// The keys from the root of the Compose file; list elements are numbered from 0.
        public var path: [String]
        /// The location of the attribute's key.
        public var location: SourceLocation
        public var outcome: Outcome

        /// The path as `services.web.ports[0].target`.
        public var name: String {
            path.reduce("") { Int($1) != nil ? "\($0)[\($1)]" : $0.isEmpty ? $1 : "\($0).\($1)" }
        }
    }

    /// The entries, by location.
    public var entries: [Entry]

    /// The attributes without counterpart.
    public var missing: [Entry] {
        entries.filter { if case .missing = $0.outcome { true } else { false } }
    }
}

extension ConversionReport: CustomStringConvertible {
    /// A table of the entries and a line with their numbers.
    public var description: String {
        let rows = entries.map { entry in
            ["\(entry.location)", entry.name, entry.outcome.title, entry.outcome.detail]
        }
        let widths = (0..<3).map { column in rows.map(\.[column].count).max() ?? 0 }
        let lines = rows.map { row in
            zip(row, widths).map { text, width in
                text + String(repeating: " ", count: width - text.count + 2)
            }.joined() + row[3] + "\n"
        }
        var counts: [String: Int] = [:]
        for entry in entries { counts[entry.outcome.title, default: 0] += 1 }
        return lines.joined() + """
            \(entries.count) attributes: \(counts["carried over", default: 0]) carried over, \
            \(counts["approximated", default: 0]) approximated, \
            \(counts["no counterpart", default: 0]) without counterpart
            """
    }
}
