/// Suggestions for misspelt words.
public enum Spelling {
    /// The known word within one or two edits of `word`; nil if none is that close.
    ///
    /// Case is ignored; words of fewer than five bytes must be within one edit.
    public static func nearest(to word: String, among known: [String]) -> String? {
        let wanted = Array(word.lowercased().utf8)
        let limit = wanted.count < 5 ? 1 : 2
        return
            known
            .map { (word: $0, bytes: Array($0.lowercased().utf8)) }
            .filter { abs($0.bytes.count - wanted.count) <= limit }
            .map { (word: $0.word, distance: distance(from: wanted, to: $0.bytes)) }
            .filter { $0.distance <= limit }
            .min { ($0.distance, $0.word) < ($1.distance, $1.word) }?
            .word
    }

    /// Returns `; did you mean 'x'?`, to end a message with; empty without a suggestion.
    public static func hint(_ suggestion: String?) -> String {
        suggestion.map { "; did you mean '\($0)'?" } ?? ""
    }

    /// Returns the hint for the known word nearest to `word`; empty if none is close.
    public static func hint(for word: String, among known: [String]) -> String {
        hint(nearest(to: word, among: known))
    }

    /// The number of insertions, deletions, substitutions and swaps of neighbours between words.
    ///
    /// Source: optimal string alignment, the restricted Damerau–Levenshtein distance.
    private static func distance(from old: [UInt8], to new: [UInt8]) -> Int {
        var beforeLast = [Int](repeating: 0, count: new.count + 1)
        var last = Array(0...new.count)
        for row in 0..<old.count {
            var current = [row + 1]
            for column in 0..<new.count {
                let change = last[column] + (old[row] == new[column] ? 0 : 1)
                var best = min(change, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, old[row] == new[column - 1],
                    old[row - 1] == new[column]
                {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[new.count]
    }
}
