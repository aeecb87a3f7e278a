import Crypto

/// Names of Kubernetes objects.
///
/// Source: RFC 1123 labels, which start with a letter here because a Service's name must
/// (RFC 1035): lower-case letters, digits and `-`, at most 63.
enum ResourceName {
    static let limit = 63

    /// Returns the nearest valid name; a name that is too long ends with a hash of the original.
    static func label(_ text: String) -> String {
        var name = text.lowercased().map { isAllowed($0) ? String($0) : "-" }.joined()
        while name.hasPrefix("-") { name.removeFirst() }
        while name.hasSuffix("-") { name.removeLast() }
        if name.first.map(\.isLetter) != true { name = name.isEmpty ? "x" : "x-" + name }
        return name.count > limit ? shortened(name, original: text) : name
    }

    /// Returns the name with a hash of the original at its end.
    static func hashed(_ text: String) -> String {
        shortened(label(text), original: text)
    }

    /// Whether a text is a valid name as it is.
    static func isValid(_ text: String) -> Bool { !text.isEmpty && label(text) == text }

    /// Whether a text is a valid key of a label or an annotation, with an optional prefix.
    static func isQualified(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let name = parts.last, parts.count <= 2, (1...63).contains(name.count),
            name.allSatisfy({ isWordCharacter($0) || "-_.".contains($0) }),
            name.first.map(isWordCharacter) == true, name.last.map(isWordCharacter) == true
        else { return false }
        guard parts.count == 2 else { return true }
        let labels = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        return parts[0].count <= 253
            && labels.allSatisfy { label in
                !label.isEmpty && label.allSatisfy(isAllowed) && label.first != "-"
                    && label.last != "-"
            }
    }

    private static func shortened(_ name: String, original: String) -> String {
        let digest = SHA256.hash(data: Array(original.utf8)).prefix(4)
        let hash = digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        var start = String(name.prefix(limit - hash.count - 1))
        while start.hasSuffix("-") { start.removeLast() }
        return "\(start)-\(hash)"
    }

    private static func isAllowed(_ character: Character) -> Bool {
        ("a"..."z").contains(character) || ("0"..."9").contains(character) || character == "-"
    }

    private static func isWordCharacter(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber)
    }
}
