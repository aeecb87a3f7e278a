extension ExpansionScanner {
    /// The value of `${…}`, whose `${` has been taken.
    mutating func braced(depth: Int) throws(DockerfileError) -> String {
        switch rest.first {
        case nil: throw fault("syntax error: missing '}' after ${")
        case "{", "}", ":": throw fault("syntax error: bad substitution")
        default: break
        }
        let name = takeName()
        let value = variables(name)
        guard var sign = rest.popFirst() else {
            throw fault("syntax error: missing '}' after ${")
        }
        if sign == "}" { return value ?? "" }
        if sign == "/" { return try replaced(value ?? "", depth: depth) }
        var emptyIsUnset = false
        if sign == ":" {
            emptyIsUnset = true
            guard let next = rest.popFirst() else {
                throw fault("syntax error: missing '}' after ${")
            }
            sign = next
        }
        let isPattern = sign == "#" || sign == "%"
        guard "+-?".unicodeScalars.contains(sign) || isPattern && !emptyIsUnset else {
            let colon = emptyIsUnset ? ":" : ""
            throw fault("unsupported modifier (\(colon)\(sign)) in substitution")
        }
        let word = try scan(to: "}", keepsEscapes: isPattern, depth: depth + 1).text
        if isPattern { return trimmed(value ?? "", by: word, sign: sign) }
        let isThere = value.map { !emptyIsUnset || !$0.isEmpty } ?? false
        switch sign {
        case "-": return isThere ? value ?? "" : word.string
        case "+": return isThere ? word.string : ""
        default:
            if isThere { return value ?? "" }
            let reason = value == nil ? "is not allowed to be unset" : "is not allowed to be empty"
            let message = word.isEmpty ? reason : word.string
            throw DockerfileError(.requiredVariable(name: name, message: message), at: position)
        }
    }

    /// Removes the match of `#p` or `##p` at the start, of `%p` or `%%p` at the end.
    private func trimmed(
        _ value: String,
        by word: [Unicode.Scalar],
        sign: Unicode.Scalar
    ) -> String {
        var pattern = word[...]
        let isLongest = pattern.first == sign
        if isLongest { pattern.removeFirst() }
        let shell = ShellPattern(pattern)
        let scalars = Array(value.unicodeScalars)
        if sign == "#" {
            let end = shell.end(in: scalars, from: 0, longest: isLongest)
            return end.map { scalars[$0...].string } ?? value
        }
        let end = shell.reversed.end(in: scalars.reversed(), from: 0, longest: isLongest)
        return end.map { scalars.dropLast($0).string } ?? value
    }

    /// Replaces the first match of `/p/r` or every match of `//p/r`; each is as long as possible.
    private mutating func replaced(
        _ value: String,
        depth: Int
    ) throws(DockerfileError) -> String {
        let replacesAll = rest.first == "/"
        if replacesAll { rest.removeFirst() }
        let pattern = try scan(to: "/", keepsEscapes: true, depth: depth + 1).text
        let replacement = try scan(to: "}", keepsEscapes: true, depth: depth + 1).text
        let shell = ShellPattern(pattern[...])
        let scalars = Array(value.unicodeScalars)
        var result: [Unicode.Scalar] = []
        var index = 0
        var isDone = false
        while index <= scalars.count {
            if !isDone, let end = shell.end(in: scalars, from: index, longest: true) {
                result += replacement
                isDone = !replacesAll
                if end > index {
                    index = end
                    continue
                }
            }
            if index < scalars.count { result.append(scalars[index]) }
            index += 1
        }
        return result.string
    }
}
