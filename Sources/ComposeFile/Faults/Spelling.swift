/// Finds the word that someone meant.
public enum Spelling {
    /// The known word that is one or two slips away from `word`; nil when there is none.
    public static func nearest(to word: String, among known: [String]) -> String? {
        let wanted = Array(word.lowercased().utf8)
        let reach = wanted.count < 5 ? 1 : 2
        return
            known
            .map { (word: $0, slips: slips(from: wanted, to: Array($0.lowercased().utf8))) }
            .filter { $0.slips <= reach }
            .min { ($0.slips, $0.word) < ($1.slips, $1.word) }?
            .word
    }

    /// How many letters must be changed, added, dropped or swapped with their neighbour.
    private static func slips(from old: [UInt8], to new: [UInt8]) -> Int {
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
