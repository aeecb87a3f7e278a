/// Escape sequences in double-quoted values of an env file.
enum DotenvEscapes {
    /// Replaces escape sequences; `\$` becomes `$$`, a literal dollar sign.
    static func expand(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "\\")) else { return text }
        var result = String.UnicodeScalarView()
        var rest = Array(text.unicodeScalars)[...]
        while let character = rest.popFirst() {
            guard character == "\\", let letter = rest.first else {
                result.append(character)
                continue
            }
            if letter == "0" {
                result.append(contentsOf: octal(&rest))
            } else if let meaning = meaning(of: letter) {
                rest.removeFirst()
                result.append(contentsOf: meaning.unicodeScalars)
            } else {
                result.append(character)
            }
        }
        return String(result)
    }

    private static func meaning(of letter: Unicode.Scalar) -> String? {
        switch letter {
        case "$": "$$"
        case "\\": "\\"
        case "\"": "\""
        case "a": "\u{07}"
        case "b": "\u{08}"
        case "f": "\u{0C}"
        case "n": "\n"
        case "r": "\r"
        case "t": "\t"
        case "v": "\u{0B}"
        default: nil
        }
    }

    /// Replaces `\0` with three octal digits by a character; leaves anything else as it is.
    private static func octal(_ rest: inout ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
        let digits = rest.dropFirst().prefix(3).prefix { ("0"..."9").contains($0) }
        rest = rest[digits.endIndex...]
        let text = String(String.UnicodeScalarView(digits))
        if digits.count == 3, let value = UInt8(text, radix: 8) { return [Unicode.Scalar(value)] }
        return ["\\", "0"] + digits
    }
}
