extension ArgumentReader {
    /// Parses `NAME=VALUE …` or the legacy form `NAME VALUE`.
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
                    at: position(of: word)
                )
            }
            guard sign > word.startIndex else {
                throw DockerfileError(.emptyName(instruction: instruction), at: position(of: word))
            }
            pairs.append(
                KeyValue(key: word[..<sign].string, value: word[(sign + 1)...].string)
            )
        }
        return pairs
    }

    /// Parses `NAME VALUE`, in which the value may contain white space.
    private func legacyPair(_ instruction: String) throws(DockerfileError) -> KeyValue {
        let name = rest.prefix { !$0.isBlank }
        let value = rest[name.endIndex...].trimmed
        guard !value.isEmpty else {
            throw missing(instruction, "a value after the name: NAME=VALUE")
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
                throw DockerfileError(.emptyName(instruction: "ARG"), at: position(of: word))
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

    private func position(of word: ArraySlice<Unicode.Scalar>) -> SourcePosition {
        statement.text.position(at: word.startIndex)
    }
}
