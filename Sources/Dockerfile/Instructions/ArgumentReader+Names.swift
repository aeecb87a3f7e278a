extension ArgumentReader {
    /// `NAME=VALUE …`, or the old `NAME VALUE`.
    func pairs(_ instruction: String) throws(DockerfileError) -> [KeyValue] {
        let words = shellWords(rest, escape: escape)
        guard let first = words.first else {
            throw missing(instruction, "at least one argument")
        }
        guard first.contains("=") else { return [try legacyPair(instruction)] }
        var pairs: [KeyValue] = []
        for word in words {
            guard let sign = word.firstIndex(of: "=") else {
                throw DockerfileError(
                    .noEqualsSign(instruction: instruction, word: word.string),
                    at: text(word)
                )
            }
            guard sign > word.startIndex else {
                throw DockerfileError(.emptyName(instruction: instruction), at: text(word))
            }
            pairs.append(
                KeyValue(key: word[..<sign].string, value: word[(sign + 1)...].string)
            )
        }
        return pairs
    }

    /// `NAME the rest is the value`.
    private func legacyPair(_ instruction: String) throws(DockerfileError) -> KeyValue {
        let name = rest.prefix { !$0.isBlank }
        let value = rest[name.endIndex...].trimmed
        guard !value.isEmpty else {
            throw missing(instruction, "a value behind the name: NAME=VALUE")
        }
        return KeyValue(key: name.string, value: value.string, isLegacy: true)
    }

    func declarations() throws(DockerfileError) -> [ArgumentDeclaration] {
        let words = shellWords(rest, escape: escape)
        guard !words.isEmpty else { throw missing("ARG", "at least one argument") }
        var declarations: [ArgumentDeclaration] = []
        for word in words {
            guard let sign = word.firstIndex(of: "=") else {
                declarations.append(ArgumentDeclaration(name: word.string))
                continue
            }
            guard sign > word.startIndex else {
                throw DockerfileError(.emptyName(instruction: "ARG"), at: text(word))
            }
            declarations.append(
                ArgumentDeclaration(
                    name: word[..<sign].string,
                    value: word[(sign + 1)...].string
                )
            )
        }
        return declarations
    }

    private func text(_ word: ArraySlice<Unicode.Scalar>) -> SourcePosition {
        statement.text.position(at: word.startIndex)
    }
}
