/// The parser directives at the top of a Dockerfile.
public struct Directives: Sendable, Equatable {
    /// The frontend named by `# syntax=`, which is not used: there is only the built-in parser.
    public var syntax: String?
    /// The character that escapes others and continues lines: `\` or a backquote.
    public var escape: Unicode.Scalar = "\\"
    /// The rules disabled by `# check=skip=…`; `all` disables every rule.
    public var skippedChecks: [String] = []
    /// Whether findings are errors: `# check=error=true`.
    public var checksAreErrors = false
}

extension Directives {
    /// Parses `# name=value`; returns false if the line is not a directive, which ends them.
    mutating func read(
        _ line: ArraySlice<Unicode.Scalar>,
        seen: inout Set<String>,
        at position: SourcePosition
    ) throws(DockerfileError) -> Bool {
        guard let (name, value) = Self.split(line) else { return false }
        guard ["syntax", "escape", "check"].contains(name) else { return false }
        guard seen.insert(name).inserted else {
            throw DockerfileError(.repeatedDirective(name), at: position)
        }
        switch name {
        case "syntax": syntax = value
        case "check": readCheck(value)
        default:
            guard value == "\\" || value == "`" else {
                let needed = "\\ or `"
                throw DockerfileError(
                    .badDirective(name: name, value: value, needed: needed),
                    at: position
                )
            }
            escape = value.unicodeScalars.first ?? "\\"
        }
        return true
    }

    private mutating func readCheck(_ value: String) {
        for option in value.split(separator: ";") {
            let parts = option.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let (name, setting) = (parts[0].scalarsTrimmed, parts[1].scalarsTrimmed)
            if name == "skip" {
                skippedChecks = setting.split(separator: ",").map(\.scalarsTrimmed)
            } else if name == "error" {
                checksAreErrors = setting.lowercased() == "true" || setting == "1"
            }
        }
    }

    /// The lower-case name and the value of `# name = value`.
    private static func split(_ line: ArraySlice<Unicode.Scalar>) -> (String, String)? {
        var rest = line.trimmed
        guard rest.popFirst() == "#" else { return nil }
        rest = rest.trimmed
        let name = rest.prefix { $0.isASCIILetter || $0.isASCIIDigit }
        guard let first = name.first, first.isASCIILetter else { return nil }
        rest = rest[name.endIndex...].drop(while: \.isBlank)
        guard rest.popFirst() == "=" else { return nil }
        let value = rest.trimmed
        return value.isEmpty ? nil : (name.string.lowercased(), value.string)
    }
}

extension StringProtocol {
    /// The text without white space at both ends.
    var scalarsTrimmed: String { Array(unicodeScalars)[...].trimmed.string }
}
