/// Scans the text of an expansion once.
struct ExpansionScanner {
    struct Result {
        var text: [Unicode.Scalar] = []
        var words: [String] = []
        private var word: [Unicode.Scalar] = []
        private var isInWord = false

        mutating func add(_ scalar: Unicode.Scalar) {
            text.append(scalar)
            if scalar.isBlank {
                finishWord()
            } else {
                word.append(scalar)
                isInWord = true
            }
        }

        /// Adds quoted or escaped text, which is not split.
        mutating func addProtected(_ scalars: [Unicode.Scalar]) {
            text += scalars
            word += scalars
            isInWord = true
        }

        mutating func finishWord() {
            if isInWord { words.append(word.string) }
            word = []
            isInWord = false
        }
    }

    /// The limit on nested `${…}`.
    private static let depthLimit = 64
    /// The limit on the length of a value, in scalars: variables may contain variables.
    private static let lengthLimit = 1 << 22

    let source: String
    var rest: ArraySlice<Unicode.Scalar>
    let escape: Unicode.Scalar
    let keepsQuotes: Bool
    let variables: (String) -> String?
    let position: SourcePosition

    init(
        text: String,
        escape: Unicode.Scalar,
        keepsQuotes: Bool,
        variables: @escaping (String) -> String?,
        position: SourcePosition
    ) {
        source = text
        rest = text.scalarSlice
        self.escape = escape
        self.keepsQuotes = keepsQuotes
        self.variables = variables
        self.position = position
    }

    func fault(_ reason: String) -> DockerfileError {
        DockerfileError(.badSubstitution(source, reason: reason), at: position)
    }

    /// Scans up to and including `end`, which is not part of the result, or to the end of the text.
    mutating func scan(
        to end: Unicode.Scalar?,
        keepsEscapes: Bool,
        depth: Int
    ) throws(DockerfileError) -> Result {
        guard depth < Self.depthLimit else { throw fault("${…} is nested too deeply") }
        var result = Result()
        while let scalar = rest.popFirst() {
            switch scalar {
            case end:
                result.finishWord()
                return result
            case "'" where !keepsQuotes:
                result.addProtected(try singleQuoted())
            case "\"" where !keepsQuotes:
                result.addProtected(try doubleQuoted(keepsEscapes: keepsEscapes, depth: depth))
            case "$":
                for scalar in try dollar(depth: depth) { result.add(scalar) }
            case escape:
                if keepsEscapes { result.addProtected([scalar]) }
                guard let next = rest.popFirst() else { break }
                if keepsQuotes, next != "$", next != escape, !keepsEscapes {
                    result.addProtected([scalar])
                }
                result.addProtected([next])
            default:
                result.add(scalar)
            }
            guard result.text.count <= Self.lengthLimit else {
                throw fault("the value is too long")
            }
        }
        if let end {
            throw fault(
                end == "}"
                    ? "syntax error: missing '}' after ${"
                    : "unexpected end of statement while looking for matching \(end)"
            )
        }
        result.finishWord()
        return result
    }

    private mutating func singleQuoted() throws(DockerfileError) -> [Unicode.Scalar] {
        let text = rest.prefix { $0 != "'" }
        guard text.endIndex < rest.endIndex else {
            throw fault("unexpected end of statement while looking for matching single-quote")
        }
        rest = rest[(text.endIndex + 1)...]
        return Array(text)
    }

    private mutating func doubleQuoted(
        keepsEscapes: Bool,
        depth: Int
    ) throws(DockerfileError) -> [Unicode.Scalar] {
        var text: [Unicode.Scalar] = []
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"": return text
            case "$": text += try dollar(depth: depth)
            case escape:
                guard let next = rest.first else { continue }
                let isEscapable = next == "\"" || next == "$" || next == escape
                if !isEscapable || keepsEscapes { text.append(scalar) }
                if isEscapable {
                    text.append(next)
                    rest.removeFirst()
                }
            default: text.append(scalar)
            }
        }
        throw fault("unexpected end of statement while looking for matching double-quote")
    }

    /// The value of `$…`, whose `$` has been taken.
    private mutating func dollar(depth: Int) throws(DockerfileError) -> [Unicode.Scalar] {
        if rest.first == "{" {
            rest.removeFirst()
            return Array(try braced(depth: depth).unicodeScalars)
        }
        let name = takeName()
        return name.isEmpty ? ["$"] : Array((variables(name) ?? "").unicodeScalars)
    }

    /// Takes a name: letters, digits and `_`, or one special character, or digits only.
    mutating func takeName() -> String {
        guard let first = rest.first else { return "" }
        let name: ArraySlice<Unicode.Scalar>
        if first.properties.numericType == .decimal {
            name = rest.prefix { $0.properties.numericType == .decimal }
        } else if "@*#?-$!".unicodeScalars.contains(first) {
            name = rest.prefix(1)
        } else {
            name = rest.prefix { scalar in
                scalar == "_" || scalar.properties.isAlphabetic
                    || scalar.properties.numericType == .decimal
            }
        }
        rest = rest[name.endIndex...]
        return name.string
    }
}
