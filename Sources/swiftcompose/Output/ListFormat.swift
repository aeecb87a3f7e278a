/// The format of a list: `table`, `json`, `table TEMPLATE`, or a Go template.
enum ListFormat {
    case table
    /// One object per line.
    case json
    /// A table with the columns of the template.
    case columns(GoTemplate)
    case template(GoTemplate)

    init(_ text: String) throws(TemplateError) {
        switch text {
        case "table", "": self = .table
        case "json": self = .json
        default:
            let escaped = text.replacing("\\t", with: "\t").replacing("\\n", with: "\n")
            let isTable = escaped.hasPrefix("table ")
            let template = try GoTemplate(isTable ? String(escaped.dropFirst(6)) : escaped)
            self = isTable ? .columns(template) : .template(template)
        }
    }

    /// Returns the lines of the list.
    func lines(_ list: FormattedList) throws(TemplateError) -> [String] {
        switch self {
        case .table: return list.table(list.columns)
        case .json: return list.rows.map(\.json)
        case .template(let template):
            var lines: [String] = []
            for row in list.rows { lines.append(try template.text(of: row)) }
            return lines
        case .columns(let template):
            var rows: [[String]] = []
            for row in list.rows { rows.append(Self.cells(try template.text(of: row))) }
            let headings = Self.cells(template.headings(list.headings))
            let width = rows.map(\.count).max() ?? 0
            var table = Table(headings: headings.filled(to: width))
            table.rows = rows.map { $0.filled(to: table.headings.count) }
            return table.lines()
        }
    }

    private static func cells(_ line: String) -> [String] {
        line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
}

/// Rows to list, with the headings of their fields.
struct FormattedList {
    var rows: [TemplateValue]
    /// Headings by field; the default is the field's name in capitals.
    var headings: [String: String]
    /// The fields of a plain table.
    var columns: [String]
    /// The minimum width of a column.
    var minimumWidth: Int

    init(
        _ rows: [some Encodable],
        headings: [String: String],
        columns: [String],
        minimumWidth: Int = 10
    ) {
        self.rows = rows.map { TemplateValue(of: $0) }
        self.headings = headings
        self.columns = columns
        self.minimumWidth = minimumWidth
    }

    fileprivate func table(_ fields: [String]) -> [String] {
        var table = Table(
            headings: fields.map { headings[$0] ?? $0.uppercased() },
            minimumWidth: minimumWidth
        )
        table.rows = rows.map { row in fields.map { row[$0]?.text ?? "" } }
        return table.lines()
    }
}

extension [String] {
    /// Returns the texts with empty ones appended up to `count`.
    fileprivate func filled(to count: Int) -> [String] {
        self + Array(repeating: "", count: Swift.max(0, count - self.count))
    }
}
