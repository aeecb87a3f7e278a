import Notation

/// One `--name=value` between an instruction and its arguments.
public struct Flag: Sendable, Equatable {
    /// Without the dashes.
    public var name: String
    /// Empty for a flag that needs none, as `--link`.
    public var value: String
    /// Where its first dash stands.
    public var position: SourcePosition
}

/// What a flag takes.
enum FlagKind: Sendable {
    case text
    case switchable
    case list
}

extension Instruction.Keyword {
    /// The flags that this instruction knows.
    var flagKinds: [String: FlagKind] {
        switch self {
        case .from: ["platform": .text]
        case .copy:
            [
                "from": .text, "chown": .text, "chmod": .text, "link": .switchable,
                "parents": .switchable, "exclude": .list,
            ]
        case .add:
            [
                "chown": .text, "chmod": .text, "link": .switchable, "checksum": .text,
                "keep-git-dir": .switchable, "exclude": .list, "unpack": .switchable,
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
    /// Takes the flags off the front of the arguments.
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
        if case .switchable = kind {
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

    /// The first word without its quotes and escapes, and what follows it.
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
