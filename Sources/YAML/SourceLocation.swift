/// A place in a file: what every message about it begins with.
public struct SourceLocation: Hashable, Sendable {
    /// The file's name as it was given; `-` is standard input.
    public let file: String
    private let lineNumber: UInt32
    private let columnNumber: UInt32

    /// A place by its line and column, both counted from 1; columns count characters.
    public init(file: String, line: Int, column: Int) {
        self.file = file
        lineNumber = UInt32(clamping: line)
        columnNumber = UInt32(clamping: column)
    }

    /// Counted from 1; 0 when the file as a whole is meant.
    public var line: Int { Int(lineNumber) }
    /// Counted from 1, in characters.
    public var column: Int { Int(columnNumber) }
}

extension SourceLocation: CustomStringConvertible {
    /// `file:line:column`, or the file alone.
    public var description: String {
        line == 0 ? file : "\(file):\(line):\(column)"
    }
}

extension SourceLocation: Comparable {
    public static func < (left: SourceLocation, right: SourceLocation) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}
