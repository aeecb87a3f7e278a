/// The value of `--chmod`: an octal mode, or symbolic changes to a mode.
///
/// Source: chmod(1).
public struct ModeChange: Sendable, Hashable {
    fileprivate struct Clause: Sendable, Hashable {
        var classes: UInt16
        var operation: Unicode.Scalar
        var permissions: UInt16
        var setsIdentity: Bool
        var isSticky: Bool
        var addsSearch: Bool
        var copiedClass: UInt16?
    }

    private var fixed: UInt16?
    fileprivate var clauses: [Clause] = []

    /// Parses `640` or `u=rwX,go=rX`.
    public init(parsing text: String, at position: SourcePosition) throws(DockerfileError) {
        let needed = "an octal mode such as 0755 or a symbolic mode such as u=rwX,go=rX"
        let problem = DockerfileError.Problem.badFlagValue(
            flag: "chmod",
            value: text,
            needed: needed
        )
        if let first = text.unicodeScalars.first, first.isASCIIDigit {
            guard let mode = UInt16(text, radix: 8), mode <= 0o7777 else {
                throw DockerfileError(problem, at: position)
            }
            fixed = mode
            return
        }
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let parsed = Self.clauses(part) else {
                throw DockerfileError(problem, at: position)
            }
            clauses += parsed
        }
    }

    /// The octal mode; nil for a symbolic one.
    public var octal: UInt16? { fixed }

    /// The mode of a file or directory that had `mode` before.
    public func applied(to mode: UInt16, isDirectory: Bool) -> UInt16 {
        if let fixed { return fixed }
        return clauses.reduce(mode) { mode, clause in
            clause.applied(to: mode, isDirectory: isDirectory)
        }
    }

    private static func clauses(_ part: Substring) -> [Clause]? {
        var rest = Array(part.unicodeScalars)[...]
        var classes: UInt16 = 0
        while let scalar = rest.first, let bits = classBits[scalar] {
            classes |= bits
            rest.removeFirst()
        }
        if classes == 0 { classes = 0o777 }
        var clauses: [Clause] = []
        while let sign = rest.popFirst() {
            guard "+-=".unicodeScalars.contains(sign) else { return nil }
            var clause = Clause(
                classes: classes,
                operation: sign,
                permissions: 0,
                setsIdentity: false,
                isSticky: false,
                addsSearch: false
            )
            while let scalar = rest.first, !"+-=".unicodeScalars.contains(scalar) {
                guard clause.add(scalar) else { return nil }
                rest.removeFirst()
            }
            clauses.append(clause)
        }
        return clauses.isEmpty ? nil : clauses
    }

    private static let classBits: [Unicode.Scalar: UInt16] = [
        "u": 0o700, "g": 0o070, "o": 0o007, "a": 0o777,
    ]
}

extension ModeChange.Clause {
    fileprivate mutating func add(_ letter: Unicode.Scalar) -> Bool {
        switch letter {
        case "r": permissions |= 0o444
        case "w": permissions |= 0o222
        case "x": permissions |= 0o111
        case "X": addsSearch = true
        case "s": setsIdentity = true
        case "t": isSticky = true
        case "u": copiedClass = 6
        case "g": copiedClass = 3
        case "o": copiedClass = 0
        default: return false
        }
        return true
    }

    fileprivate func applied(to mode: UInt16, isDirectory: Bool) -> UInt16 {
        var bits = permissions
        if addsSearch, isDirectory || mode & 0o111 != 0 { bits |= 0o111 }
        if let copiedClass { bits |= ((mode >> copiedClass) & 7) * 0o111 }
        bits &= classes
        var special: UInt16 = 0
        if setsIdentity {
            special |= classes & 0o700 != 0 ? 0o4000 : 0
            special |= classes & 0o070 != 0 ? 0o2000 : 0
        }
        if isSticky { special |= 0o1000 }
        switch operation {
        case "+": return mode | bits | special
        case "-": return mode & ~(bits | special)
        default:
            var cleared = classes
            if classes & 0o700 != 0 { cleared |= 0o4000 }
            if classes & 0o070 != 0 { cleared |= 0o2000 }
            if classes == 0o777 { cleared |= 0o1000 }
            if isDirectory { cleared &= 0o777 }
            return mode & ~cleared | bits | special
        }
    }
}
