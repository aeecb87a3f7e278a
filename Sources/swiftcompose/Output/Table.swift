import Linux

/// Text in columns: headings in capitals, padded with spaces, no borders.
struct Table {
    var headings: [String]
    var rows: [[String]] = []
    /// The minimum width of a column, without the gap.
    var minimumWidth = 10
    /// Spaces between columns.
    var gap = 3

    /// Returns the lines, headings first, without trailing spaces; cells are safe to print.
    func lines(withHeadings: Bool = true) -> [String] {
        let all =
            (withHeadings ? [headings] : []) + rows.map { $0.map { $0.escapedForTerminal() } }
        let widths = headings.indices.map { column in
            max(minimumWidth, all.map { $0[column].count }.max() ?? 0) + gap
        }
        return all.map { row in
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: max(0, width - cell.count))
            }
            return cells.joined().trimmingBlanks()
        }
    }
}

extension String {
    /// Returns the text without trailing spaces.
    func trimmingBlanks() -> String {
        var text = Substring(self)
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
