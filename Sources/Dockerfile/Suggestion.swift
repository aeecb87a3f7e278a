/// The word of `known` that differs least from `word`; nil when none is near.
func suggestion(for word: String, among known: [String]) -> String? {
    let written = Array(word.lowercased().unicodeScalars.prefix(64))
    let scored = known.map {
        (word: $0, distance: distance(written, Array($0.lowercased().unicodeScalars)))
    }
    guard let best = scored.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(1, written.count / 3 + 1) && best.distance < written.count
        ? best.word : nil
}

/// How many letters must be put in, left out, changed or swapped with their neighbour.
private func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var rows = [Array(0...right.count)]
    for (index, letter) in left.enumerated() {
        var row = [index + 1]
        for (other, candidate) in right.enumerated() {
            let change = rows[index][other] + (letter == candidate ? 0 : 1)
            var best = min(change, row[other] + 1, rows[index][other + 1] + 1)
            if index > 0, other > 0, letter == right[other - 1], left[index - 1] == candidate {
                best = min(best, rows[index - 1][other - 1] + 1)
            }
            row.append(best)
        }
        rows.append(row)
    }
    return rows[left.count][right.count]
}
