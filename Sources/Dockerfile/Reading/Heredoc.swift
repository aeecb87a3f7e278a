/// The text that follows an instruction up to a line holding its name.
public struct Heredoc: Sendable, Equatable {
    /// The word that ends it; in COPY and ADD the file's name.
    public var name: String
    /// Whether variables in it are expanded: the name was written without quotes.
    public var expands: Bool
    /// Whether leading tabs are dropped (`<<-`).
    public var dropsTabs: Bool
    /// The lines between, each with its newline.
    public var content: String
}

extension Heredoc {
    /// Reads `<<NAME`, `<<-NAME`, `3<<"NAME"`; nil when `word` is no such thing.
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

    /// The heredocs that `line` announces, in order.
    static func announced(in line: ArraySlice<Unicode.Scalar>, escape: Unicode.Scalar) -> [Heredoc]
    {
        shellWords(line, escape: escape).compactMap { Heredoc(word: $0, escape: escape) }
    }

    /// Whether `line` is the one that ends this heredoc.
    func isEnded(by line: ArraySlice<Unicode.Scalar>) -> Bool {
        (dropsTabs ? line.drop { $0 == "\t" } : line).elementsEqual(name.unicodeScalars)
    }

    /// The heredoc written out again behind its instruction.
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

/// Cuts a line at blanks outside quotes; quotes and escapes stay in the words.
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
