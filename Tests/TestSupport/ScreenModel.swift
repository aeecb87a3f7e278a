/// A terminal that interprets what the progress display writes.
///
/// Like most terminals of today it wraps long lines again when its width changes, and moves lines
/// off the top when its height shrinks.
public struct ScreenModel: Sendable {
    /// One row of the screen.
    private struct Row {
        var cells: [Character] = []
        /// Whether the text continues in the next row, for lack of columns.
        var isContinued = false

        var text: String {
            var cells = cells
            while cells.last == " " { cells.removeLast() }
            // The second column of a wide character.
            return String(cells.filter { $0 != Self.filler })
        }

        static let filler: Character = "\u{0}"
    }

    public private(set) var rows: Int
    public private(set) var columns: Int
    /// Lines that scrolled off the top.
    public private(set) var scrollback: [String] = []
    private var screenRows: [Row] = [Row()]
    private var row = 0
    private var column = 0
    /// The beginning of a control sequence whose rest has not been written yet.
    private var sequence: String?

    public init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
    }

    /// The visible rows without trailing spaces.
    public var screen: [String] { screenRows.map(\.text) }

    /// Everything a user can scroll back to, and the screen.
    public var history: [String] { scrollback + screen }

    public mutating func write(_ text: String) {
        for character in text {
            if let begun = sequence {
                if character.isLetter {
                    apply(begun, character)
                    sequence = nil
                } else {
                    sequence = begun + String(character)
                }
                continue
            }
            switch character {
            case "\u{1B}": sequence = ""
            case "\r\n", "\n":
                newLine()
                column = 0
            case "\r": column = 0
            default: put(character)
            }
        }
    }

    private mutating func put(_ character: Character) {
        let width = character.isWide ? 2 : 1
        if column + width > columns {
            screenRows[row].isContinued = true
            newLine()
            column = 0
        }
        while screenRows[row].cells.count < column + width { screenRows[row].cells.append(" ") }
        screenRows[row].cells[column] = character
        if width == 2 { screenRows[row].cells[column + 1] = Row.filler }
        column += width
    }

    private mutating func newLine() {
        row += 1
        if row == screenRows.count { screenRows.append(Row()) }
        scrollToFit()
    }

    private mutating func scrollToFit() {
        while screenRows.count > rows {
            scrollback.append(screenRows.removeFirst().text)
            row -= 1
        }
    }

    private mutating func apply(_ sequence: String, _ final: Character) {
        let number = Int(sequence.dropFirst()) ?? (final == "A" ? 1 : 0)
        switch final {
        case "A": row = max(0, row - number)
        case "J":
            screenRows.removeSubrange((row + 1)...)
            truncateRow(at: column)
        case "K": truncateRow(at: number == 2 ? 0 : column)
        default: break
        }
    }

    private mutating func truncateRow(at column: Int) {
        screenRows[row].cells.removeSubrange(min(column, screenRows[row].cells.count)...)
        screenRows[row].isContinued = false
    }

    /// Changes the size and wraps the visible lines again.
    public mutating func resize(rows: Int, columns: Int) {
        var wrapped: [Row] = []
        var cursor = (row: 0, column: 0)
        var line: [Character] = []
        var place: Int?
        for (index, old) in screenRows.enumerated() {
            if index == row { place = line.count + column }
            line += old.cells
            if old.isContinued { continue }
            let first = wrapped.count
            wrapped += Self.wrap(line, columns)
            if let place {
                cursor = (first + place / columns, place % columns)
                while wrapped.count <= cursor.row { wrapped.append(Row()) }
            }
            (line, place) = ([], nil)
        }
        if !line.isEmpty { wrapped += Self.wrap(line, columns) }
        (self.rows, self.columns) = (rows, columns)
        (screenRows, row, column) = (wrapped, cursor.row, cursor.column)
        scrollToFit()
    }

    private static func wrap(_ cells: [Character], _ columns: Int) -> [Row] {
        guard cells.count > columns else { return [Row(cells: cells)] }
        let starts = Array(stride(from: 0, to: cells.count, by: columns))
        return starts.map { start in
            let end = min(start + columns, cells.count)
            return Row(cells: Array(cells[start..<end]), isContinued: end < cells.count)
        }
    }
}

extension Character {
    /// Whether the character takes two columns; the tests write no others of the kind.
    fileprivate var isWide: Bool {
        guard let value = unicodeScalars.first?.value else { return false }
        return (0x4E00...0x9FFF).contains(value) || (0x1F300...0x1FAFF).contains(value)
    }
}
