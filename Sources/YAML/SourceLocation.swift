/// A location in a file, with which messages about it begin.
public struct SourceLocation: Hashable, Sendable {
    /// The name of the file as given; `-` means standard input.
    public let file: String
    private let lineNumber: UInt32
    private let columnNumber: UInt32

    /// Creates a location; line and column start at 1, columns count characters.
    public init(file: String, line: Int, column: Int) {
        self.file = file
        lineNumber = UInt32(clamping: line)
        columnNumber = UInt32(clamping: column)
    }

    /// The line, starting at 1; 0 for the file as a whole.
    public var line: Int { Int(lineNumber) }
    /// The column, starting at 1, in characters.
    public var column: Int { Int(columnNumber) }
}

extension SourceLocation: CustomStringConvertible {
    /// `file:line:column`, or the file name for the file as a whole.
    public var description: String {
        line == 0 ? file : "\(file):\(line):\(column)"
    }
}

extension SourceLocation: Comparable {
    public static func < (left: SourceLocation, right: SourceLocation) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}
