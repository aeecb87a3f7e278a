/// Text that images, archives, registries, containers or file names supplied.
enum UntrustedText {
    /// Returns `text` with everything that a terminal interprets written as an escape: control
    /// characters, the C1 set, and the characters that change the direction of writing.
    ///
    /// A line feed and a tab stay where `keepsLines`, since messages may have several lines.
    static func quoted(_ text: String, keepsLines: Bool = false) -> String {
        guard text.unicodeScalars.contains(where: isActive) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if keepsLines, scalar == "\n" || scalar == "\t" || !isActive(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                result += isActive(scalar) ? escape(scalar) : String(scalar)
            }
        }
        return result
    }

    /// Whether a terminal does something else than draw `scalar`.
    private static func isActive(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0: true
        // Line and paragraph separators, and bidirectional controls. Source: Unicode UAX #9.
        case 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// As Go's `%q` writes it: `\x1b`, `\n`, `\u202e`.
    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        default: break
        }
        let digits = String(scalar.value, radix: 16)
        let isByte = scalar.value < 0x80
        let width = isByte ? 2 : 4
        let zeros = String(repeating: "0", count: max(0, width - digits.count))
        return (isByte ? "\\x" : "\\u") + zeros + digits
    }
}

extension UntrustedText {
    /// Returns JSON with escapes for what a terminal interprets and JSON allows in strings.
    static func escapedJSON(_ json: String) -> String {
        guard json.unicodeScalars.contains(where: { $0 != "\n" && isActive($0) }) else {
            return json
        }
        var result = ""
        for scalar in json.unicodeScalars {
            if scalar == "\n" || !isActive(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return result
    }
}
