/// A terminal of fixed size that interprets what the progress display writes.
public struct ScreenModel: Sendable {
    public let rows: Int
    public let columns: Int
    /// Lines that scrolled off the top.
    public private(set) var scrollback: [String] = []
    private var lines: [[Character]] = [[]]
    private var row = 0
    private var column = 0

    public init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
    }

    /// The visible lines without trailing spaces.
    public var screen: [String] { lines.map(Self.text) }

    /// Everything a user can scroll back to, and the screen.
    public var history: [String] { scrollback + screen }

    private static func text(_ line: [Character]) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return String(line)
    }

    public mutating func write(_ text: String) {
        var sequence: String?
        for character in text {
            if let begun = sequence {
                if character.isLetter {
                    apply(begun, character)
                    sequence = nil
                } else {
                    sequence = begun + String(character)
                }
            } else if character == "\u{1B}" {
                sequence = ""
            } else if character == "\r\n" {
                newLine()
                column = 0
            } else if character == "\n" {
                newLine()
                column = 0
            } else if character == "\r" {
                column = 0
            } else {
                put(character)
            }
        }
    }

    private mutating func put(_ character: Character) {
        if column == columns {
            newLine()
            column = 0
        }
        while lines[row].count <= column { lines[row].append(" ") }
        lines[row][column] = character
        column += 1
    }

    private mutating func newLine() {
        row += 1
        if row == rows {
            scrollback.append(Self.text(lines.removeFirst()))
            row -= 1
        }
        if row == lines.count { lines.append([]) }
    }

    private mutating func apply(_ sequence: String, _ final: Character) {
        let number = Int(sequence.dropFirst()) ?? (final == "A" ? 1 : 0)
        switch final {
        case "A": row = max(0, row - number)
        case "J":
            lines.removeSubrange((row + 1)...)
            lines[row].removeSubrange(min(column, lines[row].count)...)
        case "K":
            lines[row].removeSubrange((number == 2 ? 0 : min(column, lines[row].count))...)
        default: break
        }
    }
}
