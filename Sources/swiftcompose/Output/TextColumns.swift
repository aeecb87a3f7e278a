/// The width of text on a terminal.
extension StringProtocol {
    /// The number of columns, escape sequences such as colours not counted.
    var columns: Int {
        var count = 0
        forEachCharacter { _, columns in count += columns }
        return count
    }

    /// Returns the longest beginning of at most `width` columns, with all escape sequences.
    func cut(to width: Int) -> String {
        var (text, count) = ("", 0)
        forEachCharacter { character, columns in
            count += columns
            if columns == 0 || count <= width { text.append(character) }
        }
        return text
    }

    /// Calls `body` with each character and its columns, which are none within escape sequences.
    private func forEachCharacter(_ body: (Character, Int) -> Void) {
        var isSequence = false
        for character in self {
            if isSequence {
                if character.isLetter { isSequence = false }
                body(character, 0)
            } else {
                isSequence = character == "\u{1B}"
                body(character, isSequence ? 0 : character.columns)
            }
        }
    }

    /// Returns the text with spaces appended up to `width` columns.
    func padding(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - columns))
    }

    /// Returns the text cut to `width` columns, the last of which is then an ellipsis.
    func shortened(to width: Int) -> String {
        if columns <= width { return String(self) }
        return width > 0 ? cut(to: width - 1) + "…" : ""
    }

    /// Returns the text without its beginning, so that an ellipsis and the rest have `width` columns.
    ///
    /// The end of a name, such as a service and its number, is what distinguishes it from others.
    func shortenedAtStart(to width: Int) -> String {
        if columns <= width { return String(self) }
        guard width > 0 else { return "" }
        return "…" + String(String(reversed()).cut(to: width - 1).reversed())
    }
}

extension Character {
    /// The number of columns: two for ideographs and emoji, none for marks on their own.
    ///
    /// Source: Unicode Standard Annex #11, East Asian Width.
    fileprivate var columns: Int {
        guard let scalar = unicodeScalars.first else { return 0 }
        if scalar.value < 0x300 { return 1 }
        if scalar.properties.isEmojiPresentation { return 2 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return Self.wide.contains { $0.contains(scalar.value) } ? 2 : 1
        }
    }

    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
        0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF,
        0x20000...0x3FFFD,
    ]
}
