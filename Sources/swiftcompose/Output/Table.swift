import Linux

/// Text in columns: headings in capitals, padded with blanks, no borders.
struct Table {
    var headings: [String]
    var rows: [[String]] = []
    /// The narrowest a column may be, gap not counted.
    var minimumWidth = 10
    /// Blanks between columns.
    var gap = 3

    /// The lines, headings first, without blanks at their ends.
    func lines(withHeadings: Bool = true) -> [String] {
        let cells = rows.map { row in row.map { $0.escapedForTerminal() } }
        let all = (withHeadings ? [headings] : []) + cells
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
    /// Without the blanks at its end.
    func trimmingBlanks() -> String {
        var text = Substring(self)
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
