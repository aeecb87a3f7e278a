/// The lines after an instruction up to a line that contains only the heredoc's name.
public struct Heredoc: Sendable, Equatable {
    /// The word that ends it; also the name of the file in COPY and ADD.
    public var name: String
    /// Whether variables are expanded: the name was written without quotes.
    public var expands: Bool
    /// Whether leading tabs are removed (`<<-`).
    public var dropsTabs: Bool
    /// The lines, each with its newline.
    public var content: String
}

extension Heredoc {
    /// Parses `<<NAME`, `<<-NAME` or `3<<"NAME"`; nil for other words.
    init?(word: ArraySlice<Unicode.Scalar>, escape: Unicode.Scalar) {
        var rest = word.drop(while: \.isASCIIDigit)
        guard rest.popFirst() == "<", rest.popFirst() == "<" else { return nil }
        dropsTabs = rest.first == "-"
        if dropsTabs { rest.removeFirst() }
        guard !rest.isEmpty, !rest.contains("<") else { return nil }
        let quotes: Set<Unicode.Scalar> = ["'", "\"", escape]
        expands = !rest.contains { quotes.contains($0) }
        guard let plain = Self.unquoted(rest, escape: escape), !plain.isEmpty else { return nil }
        name = plain
        content = ""
    }

    /// The heredocs that `line` starts, in order.
    static func started(in line: ArraySlice<Unicode.Scalar>, escape: Unicode.Scalar) -> [Heredoc] {
        shellWords(line, escape: escape).compactMap { Heredoc(word: $0, escape: escape) }
    }

    /// Whether `line` ends this heredoc.
    func isEnded(by line: ArraySlice<Unicode.Scalar>) -> Bool {
        (dropsTabs ? line.drop { $0 == "\t" } : line).elementsEqual(name.unicodeScalars)
    }

    /// The heredoc in the form that follows its instruction.
    public var written: String { "\n" + content + name }

    private static func unquoted(
        _ word: ArraySlice<Unicode.Scalar>,
        escape: Unicode.Scalar
    ) -> String? {
        var result: [Unicode.Scalar] = []
        var quote: Unicode.Scalar?
        var rest = word
        while let scalar = rest.popFirst() {
            switch scalar {
            case quote: quote = nil
            case "'" where quote == nil, "\"" where quote == nil: quote = scalar
            case escape where quote != "'":
                guard let next = rest.popFirst() else { continue }
                result.append(next)
            case _ where quote == nil && scalar.isBlank: return nil
            default: result.append(scalar)
            }
        }
        return quote == nil ? result.string : nil
    }
}

/// Splits a line at white space outside quotes; words keep their quotes and escapes.
func shellWords(
    _ line: ArraySlice<Unicode.Scalar>,
    escape: Unicode.Scalar
) -> [ArraySlice<Unicode.Scalar>] {
    var words: [ArraySlice<Unicode.Scalar>] = []
    var start: Int?
    var quote: Unicode.Scalar?
    var index = line.startIndex
    while index < line.endIndex {
        let scalar = line[index]
        if quote == nil, scalar.isBlank {
            if let first = start { words.append(line[first..<index]) }
            start = nil
        } else {
            start = start ?? index
            if scalar == escape, quote != "'" {
                index += 1
            } else if scalar == quote {
                quote = nil
            } else if quote == nil, scalar == "'" || scalar == "\"" {
                quote = scalar
            }
        }
        index += 1
    }
    if let first = start { words.append(line[first..<line.endIndex]) }
    return words
}
