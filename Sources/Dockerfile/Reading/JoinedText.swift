/// The text of one instruction, joined from its lines, with the position of each scalar.
struct JoinedText: Sendable {
    private struct Piece {
        var start: Int
        var line: Int
        var column: Int
    }

    let file: String
    private(set) var scalars: [Unicode.Scalar] = []
    private var pieces: [Piece] = []

    init(file: String) { self.file = file }

    /// Appends the text that starts at `line` and `column`.
    mutating func append(_ text: ArraySlice<Unicode.Scalar>, line: Int, column: Int) {
        pieces.append(Piece(start: scalars.count, line: line, column: column))
        scalars.append(contentsOf: text)
    }

    /// The position in the file of the scalar at `offset`.
    func position(at offset: Int) -> SourcePosition {
        let piece = pieces.last { $0.start <= offset } ?? Piece(start: 0, line: 1, column: 1)
        return SourcePosition(
            file: file,
            line: piece.line,
            column: piece.column + max(0, offset - piece.start)
        )
    }
}

extension Unicode.Scalar {
    var isBlank: Bool { properties.isWhitespace }
    var isASCIIDigit: Bool { ("0"..."9").contains(self) }
    var isASCIILetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }
}

extension Collection where Element == Unicode.Scalar {
    var string: String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: self)
        return String(view)
    }
}

extension ArraySlice<Unicode.Scalar> {
    /// The slice without white space at both ends.
    var trimmed: ArraySlice<Unicode.Scalar> {
        var slice = drop(while: \.isBlank)
        while let last = slice.last, last.isBlank { slice.removeLast() }
        return slice
    }

    func starts(with word: String) -> Bool { starts(with: word.unicodeScalars) }
}

extension String {
    /// The scalars as a slice.
    var scalarSlice: ArraySlice<Unicode.Scalar> { Array(unicodeScalars)[...] }
}
