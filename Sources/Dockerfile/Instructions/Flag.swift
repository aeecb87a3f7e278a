import Notation

/// A flag `--name=value` of an instruction.
public struct Flag: Sendable, Equatable {
    /// The name without dashes.
    public var name: String
    /// Empty for a flag without a value, such as `--link`.
    public var value: String
    /// The position of the first dash.
    public var position: SourcePosition
}

/// The kind of value that a flag takes.
enum FlagKind: Sendable {
    /// One value.
    case text
    /// `true`, `false` or no value.
    case boolean
    /// A value, several times.
    case list
}

extension Instruction.Keyword {
    /// The flags of this instruction.
    var flagKinds: [String: FlagKind] {
        switch self {
        case .from: ["platform": .text]
        case .copy:
            [
                "from": .text, "chown": .text, "chmod": .text, "link": .boolean,
                "parents": .boolean, "exclude": .list,
            ]
        case .add:
            [
                "chown": .text, "chmod": .text, "link": .boolean, "checksum": .text,
                "keep-git-dir": .boolean, "exclude": .list, "unpack": .boolean,
            ]
        case .run: ["mount": .list, "network": .text, "security": .text]
        case .healthcheck:
            [
                "interval": .text, "timeout": .text, "start-period": .text,
                "start-interval": .text, "retries": .text,
            ]
        default: [:]
        }
    }
}

extension Statement {
    /// Removes the flags from the start of the arguments and returns them.
    mutating func takeFlags(for keyword: Instruction.Keyword) throws(DockerfileError) -> [Flag] {
        var flags: [Flag] = []
        while arguments.starts(with: "--") {
            let start = arguments.startIndex
            let (word, rest) = Self.flagWord(arguments)
            arguments = rest
            if word == "--" { break }
            flags.append(try flag(word, at: text.position(at: start), for: keyword, after: flags))
        }
        return flags
    }

    private func flag(
        _ word: String,
        at position: SourcePosition,
        for keyword: Instruction.Keyword,
        after flags: [Flag]
    ) throws(DockerfileError) -> Flag {
        let parts = word.dropFirst(2).split(
            separator: "=",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        let name = String(parts.first ?? "")
        let kinds = keyword.flagKinds
        guard let kind = kinds[name] else {
            let near = Spelling.nearest(to: name, among: kinds.keys.sorted())
            throw DockerfileError(
                .unknownFlag(name, instruction: keyword.rawValue, suggestion: near),
                at: position
            )
        }
        let isRepeated = flags.contains { $0.name == name }
        if isRepeated, case .list = kind {
        } else if isRepeated {
            throw DockerfileError(.repeatedFlag(name), at: position)
        }
        let value = parts.count == 2 ? String(parts[1]) : nil
        if case .boolean = kind {
            guard ["true", "false"].contains(value?.lowercased() ?? "true") else {
                let problem = DockerfileError.Problem.badFlagValue(
                    flag: name,
                    value: value ?? "",
                    needed: "true or false"
                )
                throw DockerfileError(problem, at: position)
            }
        } else if value == nil {
            throw DockerfileError(.flagWithoutValue(name), at: position)
        }
        return Flag(name: name, value: value ?? "", position: position)
    }

    /// The first word without quotes and escapes, and the text after it.
    private static func flagWord(
        _ text: ArraySlice<Unicode.Scalar>
    ) -> (String, ArraySlice<Unicode.Scalar>) {
        var word: [Unicode.Scalar] = []
        var quote: Unicode.Scalar?
        var rest = text
        while let scalar = rest.first {
            if quote == nil, scalar.isBlank { break }
            rest.removeFirst()
            if scalar == quote {
                quote = nil
            } else if quote == nil, scalar == "'" || scalar == "\"" {
                quote = scalar
            } else if scalar == "\\", let next = rest.first {
                word.append(next)
                rest.removeFirst()
            } else if scalar != "\\" {
                word.append(scalar)
            }
        }
        return (word.string, rest.trimmed)
    }
}
