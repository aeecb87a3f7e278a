/// Text of untrusted origin on its way to a terminal.
extension StringProtocol {
    /// The text with everything escaped that could control a terminal or disguise other text, in
    /// Go's notation: `\x1b`, `\n`, `\u202e`.
    ///
    /// Escaped are the control characters C0, DEL and C1, line and paragraph separators, and the
    /// directional formatting characters of Unicode's bidirectional algorithm. With
    /// `keepingNewlines`, line feeds and tabs are kept.
    public func escapedForTerminal(keepingNewlines: Bool = false) -> String {
        var text = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            let isLayout = scalar == "\n" || scalar == "\t"
            if isLayout && keepingNewlines || !scalar.isTerminalControl {
                text.append(scalar)
            } else {
                text.append(contentsOf: scalar.goEscape.unicodeScalars)
            }
        }
        return String(text)
    }
}

extension Unicode.Scalar {
    fileprivate var isTerminalControl: Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// Source: Go, `strconv.Quote`.
    fileprivate var goEscape: String {
        switch self {
        case "\u{7}": "\\a"
        case "\u{8}": "\\b"
        case "\t": "\\t"
        case "\n": "\\n"
        case "\u{B}": "\\v"
        case "\u{C}": "\\f"
        case "\r": "\\r"
        case ...("\u{7F}"): "\\x" + hexadecimal(2)
        default: "\\u" + hexadecimal(4)
        }
    }

    private func hexadecimal(_ width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
